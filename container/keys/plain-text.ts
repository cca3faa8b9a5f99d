/** Names that come from agents and servers, before a person reads them. Pure. */

/** Longer names are nobody's; cut off, two of them could look like one. */
const MAX_CHARACTERS = 256

// Controls, marks without a shape or that change the direction of writing, lone surrogates, private and unassigned
// characters, line and paragraph separators.
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]/gu

/** The text without what cannot be seen, and not too long. */
export function stripHidden(text: string): string {
  return text.replace(HIDDEN, '').slice(0, MAX_CHARACTERS)
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
