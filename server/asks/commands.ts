/**
 * The commands in a text for a shell, as words, near enough to see what somebody should look at twice. It is no parser:
 * quotes are taken off, and whatever a shell might begin a command behind begins one. Pure.
 */

/** Words that run the command behind them, with options of their own. */
const CARRIERS =
  /^(env|command|exec|nohup|nice|ionice|time|timeout|stdbuf|setsid|xargs|watch|then|do|else|!|\{)$/

/** Each command's words; variables that are set before it, and what only carries it, are left out. */
export function commandsIn(text: string): string[][] {
  return text
    .replaceAll('\\\n', ' ')
    .split(/[;&|\n()`]|\$\(/)
    .map((piece) =>
      piece
        .replace(/["'\\]/g, '')
        .trim()
        .split(/\s+/),
    )
    .flatMap(withoutCarriers)
    .filter(([first = '']) => first !== '')
}

/** The command itself; of `sh -c "git push"` what stands behind the option, as a command of its own. */
function withoutCarriers(words: string[]): string[][] {
  const found: string[][] = []
  for (let at = commandFrom(words, 0); ; ) {
    const option = isShell(words[at])
      ? words.findIndex((word, index) => index > at && /^-\w*c$/.test(word))
      : -1
    found.push(words.slice(at, option < 0 ? undefined : option))
    if (option < 0) return found
    at = commandFrom(words, option + 1)
  }
}

function isShell(word = ''): boolean {
  return /(^|\/)(ba|z|da|k)?sh$/.test(word)
}

/** Where the command begins that carriers, their options and variables stand before. */
function commandFrom(words: readonly string[], start: number): number {
  let at = start
  let isCarried = false
  for (; at < words.length; at++) {
    const word = words[at] ?? ''
    const isOption = isCarried && /^(-\S*|\d+[smhd]?)$/.test(word)
    if (CARRIERS.test(word)) isCarried = true
    else if (!isOption && !/^[A-Za-z_]\w*=/.test(word)) break
  }
  return at
}
