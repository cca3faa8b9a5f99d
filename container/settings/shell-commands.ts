/** Programs and files that a shell's command line names. What it cannot read it passes over. Pure. */

/** A word as it stands in the text, from `start` to `end`, and what it means without its quotes. */
export type Word = { text: string; start: number; end: number; isTarget: boolean }

/** The simple commands of a line, each with its words; `isTarget` are files that something is written to or read from. */
export function toCommands(line: string): Word[][] {
  const commands: Word[][] = [[]]
  // White space, an operator, or a word of quoted and unquoted pieces.
  const token =
    /\s*(?:(\d?(?:>>|>&|>|<<<|<<|<))|(;;|[;&|()\n]+)|((?:"(?:\\[\s\S]|[^"\\])*"|'[^']*'|\\[\s\S]|[^\s;&|()<>"'\\])+))/gy
  let isTarget = false
  for (;;) {
    const found = token.exec(line)
    if (found === null) break
    const [, redirection, operator, raw] = found
    if (redirection !== undefined) isTarget = true
    else if (operator !== undefined) commands.push([])
    else if (raw !== undefined) {
      const end = token.lastIndex
      commands.at(-1)?.push({ text: unquote(raw), start: end - raw.length, end, isTarget })
      isTarget = false
    }
  }
  return commands.filter((words) => words.length > 0)
}

/** Words of the shell's own that another command follows. */
const BEFORE = new Set(['if', 'then', 'else', 'elif', 'while', 'until', 'do', '!', '{', 'time'])
/** Programs that start another one. */
const STARTERS = new Set(['exec', 'command', 'env', 'nohup', 'nice', 'builtin', 'xargs', 'timeout', 'stdbuf'])
const BUILT_IN = new Set(
  `[ [[ : . alias break case cd continue declare do done echo esac eval exit export false fi for function getopts hash in
  let local printf pwd read readonly return select set shift source test times trap true type typeset ulimit umask unset
  wait }`.split(/\s+/),
)
const INTERPRETERS =
  /^(?:ba|da|k|z)?sh$|^(?:python[\d.]*|node|nodejs|ruby|perl|php|lua|bun|deno|tsx|ts-node|osascript|pwsh|source|\.)$/

/**
 * The program of a simple command, and the script that it runs where it is an interpreter. Null for what is built in, and
 * for a name that only the shell knows, such as a function or `"$f"`.
 */
export function programOf(words: readonly Word[]): { program: Word | null; script: Word | null } {
  const own = words.filter(({ isTarget }) => !isTarget)
  let at = 0
  let isStarted = false
  for (; at < own.length; at++) {
    const { text = '' } = own[at] ?? {}
    const isItsOwn = isStarted && /^-|^\d/.test(text)
    if (!isItsOwn && !BEFORE.has(text) && !STARTERS.has(text) && !/^[A-Za-z_]\w*=/.test(text)) break
    isStarted ||= STARTERS.has(text)
  }
  const program = own[at]
  if (program === undefined) return { program: null, script: null }
  const name = program.text.replace(/.*\//s, '')
  const isCode = own.slice(at + 1).some(({ text }) => /^(?:-[a-z]*c|-e|-m|--eval|-)$/.test(text))
  const script =
    INTERPRETERS.test(name) && !isCode
      ? (own.slice(at + 1).find(({ text }) => !text.startsWith('-') && text !== 'run') ?? null)
      : null
  const isNamed = /^[\w.+~${}/-]+$/.test(program.text) && !BUILT_IN.has(program.text)
  return { program: isNamed ? program : null, script }
}

function unquote(raw: string): string {
  return raw.replaceAll(/"((?:\\[\s\S]|[^"\\])*)"|'([^']*)'|\\([\s\S])/g, (_, double, single, escaped) =>
    double !== undefined ? double.replaceAll(/\\(["\\$`])/g, '$1') : (single ?? escaped),
  )
}
