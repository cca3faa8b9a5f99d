/** The bytes of a settings file as text and back; what cannot come back unchanged is refused. Pure. */
import { createHash } from 'node:crypto'
import { SettingsError } from '../errors.ts'

/** In bytes. Settings are a few kilobytes. */
const MAX_SIZE = 16 * 1024 * 1024

/** Throws for more than we take. */
export function checkSize(size: number): void {
  if (size <= MAX_SIZE) return
  throw new SettingsError(
    'settings-too-large',
    `It has ${(size / 1024 / 1024).toFixed(1)} MiB, or would have.`,
    'Something else was written there. Settings are a few kilobytes, 16 MiB at most.',
  )
}

/** The text of a file; its byte order mark stays the first character. Throws `settings-encoding`. */
export function toText(bytes: Buffer): string {
  const [first, second] = bytes
  const isWide = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  if (isWide || first === 0 || second === 0) throw wrongEncoding('It is UTF-16.')
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw wrongEncoding('It holds bytes that are no UTF-8.')
  }
}

/** The bytes of a text. */
export function toBytes(text: string): Buffer {
  const bytes = Buffer.from(text)
  checkSize(bytes.length)
  return bytes
}

/** Tells whether a file is what it was, for a record. */
export function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function wrongEncoding(message: string): SettingsError {
  return new SettingsError(
    'settings-encoding',
    message,
    'Save it as UTF-8, for instance with your editor. Settings for Claude Code are UTF-8.',
  )
}
