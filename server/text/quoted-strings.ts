/** Where the quoted strings in a command or in JSON are. Pure. */

/**
 * The strings of `text`, and of what stands in them: from the place of the opening quote, or of the backslash before
 * it, to the place after the closing one. Read as a shell reads them, so that what stands between a closing quote and
 * the next opening one is never taken for a string; where that becomes doubtful, the reading ends.
 */
export function findStrings(text: string): Map<number, number> {
  const found = new Map<number, number>()
  for (const [start, end] of read(text)) {
    found.set(start, end)
    const inner = innerOf(text, start, end)
    if (!/["']/.test(inner.text)) continue
    for (const [from, to] of read(inner.text)) found.set(inner.places[from] ?? 0, inner.places[to] ?? 0)
  }
  return found
}

// An escaped character, a comment, a string; what comes last makes everything behind it doubtful: a here-document,
// a string with escapes of its own, and one in which a command runs.
const TOKEN =
  /\\[\s\S]|(?<=^|[\s;&|()])#[^\n]*|<<<|'[^']*(?:'|$)|"(?:[^"\\`$]|\\[\s\S]|\$(?!\())*(?:"|$)|(<<|\$'|["`])/g

function* read(text: string): Generator<[number, number]> {
  for (const { 0: token, 1: doubt, index } of text.matchAll(TOKEN)) {
    if (doubt !== undefined) return
    if (/^["']/.test(token)) yield [index, index + token.length]
  }
}

/** What a string holds, and where in `text` each of its characters stands. */
function innerOf(text: string, start: number, end: number): { text: string; places: number[] } {
  const quote = text[start] ?? ''
  const last = end > start + 1 && text[end - 1] === quote ? end - 1 : end
  const characters: string[] = []
  const places: number[] = []
  for (let at = start + 1; at < last; at++) {
    places.push(at)
    if (quote === '"' && text[at] === '\\' && /["\\$`]/.test(text[at + 1] ?? '')) at += 1
    characters.push(text[at] ?? '')
  }
  places.push(last)
  return { text: characters.join(''), places }
}
