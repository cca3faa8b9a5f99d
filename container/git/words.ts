/** A command line as a shell would split it. Pure. */

/** Null for one that needs a shell: variables other than HOME, commands in commands, lists, open quotes. */
export function splitWords(text: string): string[] | null {
  const words: string[] = []
  let word: string | null = null
  const parts = text.matchAll(/(\s+)|'([^']*)'|"((?:[^"\\`]|\\.)*)"|\\(.)|([^\s'"\\]+)|(.)/gs)
  for (const [, space, single, double, escaped, plain, open] of parts) {
    if (open !== undefined || /[`;&|<>()]|\$(?!HOME\b|\{HOME\})/.test(plain ?? double ?? '')) return null
    if (space !== undefined) {
      if (word !== null) words.push(word)
      word = null
    } else word = `${word ?? ''}${single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? plain ?? ''}`
  }
  return word === null ? words : [...words, word]
}
