/** Names that come from agents and servers, before a person reads them. Pure. */
import { HIDDEN } from '../../server/text/characters.ts'

/** Longer names are nobody's; cut off, two of them could look like one. */
const MAX_CHARACTERS = 256

// A name has one line, and no private or unassigned character either.
const NOT_IN_NAMES = new RegExp(String.raw`[${HIDDEN}\p{C}]`, 'gv')

/** The text without what cannot be seen, and not too long. */
export function stripHidden(text: string): string {
  return text.replace(NOT_IN_NAMES, '').slice(0, MAX_CHARACTERS)
}

/** The bytes as a name that a person can read as it is; null when it is empty, too long, not UTF-8 or hides something. */
export function readName(bytes: Buffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return text !== '' && stripHidden(text) === text ? text : null
  } catch {
    return null
  }
}
