/** Text from a person, made into keystrokes that Claude receives as one prompt. Pure. */
import { stripVTControlCharacters } from 'node:util'
import { CONTROLS } from '../../server/text/characters.ts'

/** More than about 800 characters at once reach Claude 2.1.330 as pasted content; these stay typed text. */
const CHUNK = 80

/** What a terminal takes for a key, or cannot take. The rest is the person's own, whichever way it is written. */
const KEYS = new RegExp(String.raw`[${CONTROLS}\p{Cs}]`, 'gv')

/**
 * Chunks to type one after another; none when nothing is left to type. Escape sequences and control characters would
 * be keys and are dropped; a tab becomes spaces; a line feed typed literally starts a new line of the same prompt.
 */
export function toKeystrokes(text: string, { asCommand }: { asCommand: boolean }): string[] {
  const plain = stripVTControlCharacters(text)
    .replace(/\r\n?/g, '\n')
    .replaceAll('\t', '    ')
    .replace(KEYS, '')
    .trim()
  const characters = Array.from(asCommand ? plain : harmless(plain))
  const chunks: string[] = []
  for (let at = 0; at < characters.length; at += CHUNK) chunks.push(characters.slice(at, at + CHUNK).join(''))
  return chunks
}

/** What Claude Code (2.1.197, 2.1.330) would not take for text, made text. It trims spaces at the end itself. */
function harmless(text: string): string {
  // Enter behind a backslash would begin a new line, and behind the beginning of a file's name, a command or an emoji
  // (`:hea`, 2.1.332) choose one from a menu. A space closes it.
  const sent = /[\\@:/#~$&+]\S*$/.test(text) ? `${text} ` : text
  // A shell command that nobody is asked about; the help.
  if (sent.startsWith('!') || sent === '?') return ` ${sent}`
  // A command of Claude Code, even behind a space.
  if (sent.startsWith('/')) return `Reply: ${sent}`
  return sent
}

/**
 * Whether the draft that stands in the prompt box is `text`. Compared without what a terminal may change: line breaks,
 * spaces, emoji and their joiners. Of a draft that is cut off, only the visible end is compared.
 */
export function isDraftOf(text: string, { draft, isCut }: { draft: string; isCut: boolean }): boolean {
  const seen = essence(draft)
  const typed = essence(text)
  if (draft === '') return false
  return isCut ? seen !== '' && typed.endsWith(seen) : seen === typed
}

function essence(text: string): string {
  return text.normalize('NFC').replace(/[^\p{L}\p{N}\p{P}\p{Sm}\p{Sc}]/gu, '')
}
