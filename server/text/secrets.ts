/**
 * Masks what looks like a secret. A mask must never hide what runs: outside of a string it covers one plain word, and a
 * string with a command in it is left alone. Every pattern takes a time that grows with the length of the text. Pure.
 *
 * By hand, for scanners of secrets look through files at leisure: none knows what runs, or bounds its time on a text that
 * was made to be slow.
 */
import { findStrings } from './quoted-strings.ts'

const MASK = '‹masked›'

/** For texts that travel through other people's servers, after `showHidden`: then every `‹` in the result is ours. */
export function maskSecrets(text: string): string {
  const known = TOKENS.reduce(
    (masked, pattern) =>
      masked.replace(pattern, (_, kept: unknown) => `${typeof kept === 'string' ? kept : ''}${MASK}`),
    text,
  )
  return maskNamed(known)
}

/** Secrets that can be told by their own looks. The first group of a pattern is what stays. */
const TOKENS: readonly RegExp[] = [
  // Words of a key: short ones only at its beginning, where they say what it is.
  /(-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:\s|\\[nr])*)(?:M[A-Za-z0-9+/=]*|[A-Za-z0-9+/=]{16,})(?:(?:\s|\\[nr])+[A-Za-z0-9+/=]{16,})*/g,
  /\bsk-ant-[A-Za-z0-9_-]{8,}/g,
  /\bsk-[A-Za-z0-9_-]{20,}/g,
  /\b[rs]k_(?:live|test)_[A-Za-z0-9]{8,}/g,
  /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/g,
  /\bglpat-[A-Za-z0-9_-]{16,}/g,
  /\bnpm_[A-Za-z0-9]{30,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  // A bot's at Telegram, which stands in addresses behind `bot`.
  /(?<!\d)\d{8,10}:[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g,
  /\bxox[abeprs]-[A-Za-z0-9-]{10,}/g,
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{5,}/g,
  /\b(bearer[ \t]+)[A-Za-z0-9._~+/=-]{8,}/gi,
  /\b([Bb]asic[ \t]+)(?=[a-z._~+/-]*[A-Z0-9=])[A-Za-z0-9._~+/=-]{8,}/g,
  /(:\/\/[^\s/:@"'‹]*:)(?:[^\s/@"'`;&|<>()‹$]|\$(?![({[]))+(?=@)/g,
]

const NAME = String.raw`(?:pass(?:word|wd|phrase)|(?<![a-z])pass(?![a-z])|mysql_pwd|secret|token(?!s\b|iz)|(?:api|access|private)[-_]?key)(?![a-z0-9_]{0,40}(?:file|path|dir)\b)[a-z0-9_]{0,40}`
// `NAME= x` is no value but an empty one and a command, so a blank behind the sign needs one before it, or a quote.
const SIGN = String.raw`(?:[ \t]*:(?!\/\/|[-=?+])=?[ \t]*|={1,2}>?(?=\S)|[ \t]+={1,2}>?[ \t]*|(?<=["'])[ \t]*={1,2}>?[ \t]*)`
const ARGUMENT = String.raw`(?:(?:[ \t]|\\\n)+(?!-|id=)|\\*["'][ \t]*,[ \t]*(?=\\*["']))`

/** Where a value begins that its name makes a secret. */
const NAMED = new RegExp(
  [
    `${NAME}\\\\*["']?${SIGN}`,
    `(?<=(?<!\\w)--(?!no-)[\\w-]{0,40})${NAME}${ARGUMENT}`,
    String.raw`(?<=^|\s)(?:-u|--user|--proxy-user)(?:[ \t]*|=)["']?(?!\d+:\d+(?:\s|$))[^\s:"'\\]+:(?!\/\/)`,
  ].join('|'),
  'gi',
)

function maskNamed(text: string): string {
  let strings: Map<number, number> | null = null
  let masked = ''
  let at = 0
  for (const { 0: name, index } of text.matchAll(NAMED)) {
    const start = index + name.length
    // What a mask covers may itself look like a name.
    if (start < at) continue
    strings ??= findStrings(text)
    const [from, to] = findValue(text, start, strings)
    if (from === to) continue
    masked += `${text.slice(at, from)}${MASK}`
    at = to
  }
  return masked + text.slice(at)
}

/** The whole value where it is made of plain words and strings; else the plain word that it begins with. */
function findValue(text: string, start: number, strings: Map<number, number>): [number, number] {
  if (/^\$[A-Z_][A-Z0-9_]*(?![^\s"'\\;&|<>()])/.test(text.slice(start, start + 80).replace(/^\\*["']/, '')))
    return [start, start]
  let end = start
  for (;;) {
    const close = strings.get(end)
    if (close !== undefined && !isPlain(text.slice(end, close))) break
    const next = close ?? end + wordAt(text, end).length
    if (next === end) break
    end = next
  }
  if (end > start) return [start, end]
  const [quote = ''] = /^\\{0,7}["']/.exec(text.slice(start, start + 8)) ?? []
  return [start + quote.length, start + quote.length + wordAt(text, start + quote.length).length]
}

/** What runs something anywhere, and what could where there are several words. */
function isPlain(string: string): boolean {
  if (/[`‹\n]|\$[({[]/.test(string)) return false
  return !(/\s|\\[nrt]/.test(string) && /[;&|<>()]/.test(string))
}

const WORD = /(?![[{])(?:[^\s"'`\\;&|<>()‹$]|\$(?![({["'])|\\[^\s"'‹nrtu])*/y

function wordAt(text: string, at: number): string {
  WORD.lastIndex = at
  return WORD.exec(text)?.[0] ?? ''
}
