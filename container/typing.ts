/** Text from a person, made into keystrokes that Claude receives as one prompt. Pure. */

const CHUNK = 80

/**
 * Chunks to type one after another. A leading `!` would be a shell command and a leading `/` a command of Claude Code
 * (2.1.330, also behind a space), so they get a space or a word in front unless a command is meant. Control characters
 * would be keys and are dropped; a tab becomes spaces. A line feed typed literally starts a new line of the same prompt.
 */
export function toKeystrokes(text: string, { asCommand }: { asCommand: boolean }): string[] {
  const plain = text
    .replaceAll('\r\n', '\n')
    .replaceAll('\t', '    ')
    .replace(/[\p{Cc}--\n]|\p{Cs}/gv, '')
    .trim()
  const characters = Array.from(asCommand ? plain : harmless(plain))
  const chunks: string[] = []
  for (let at = 0; at < characters.length; at += CHUNK) chunks.push(characters.slice(at, at + CHUNK).join(''))
  return chunks
}

function harmless(text: string): string {
  if (text.startsWith('!')) return ` ${text}`
  if (text.startsWith('/')) return `Reply: ${text}`
  return text
}
