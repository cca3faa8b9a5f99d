/** What a device proves itself with. The store and the open pairing know it only as a hash. */
import { createHash, randomBytes, randomInt } from 'node:crypto'

/** No letter or digit that could be read as another one. */
const CODE_SIGNS = 'ABCDEFGHJKMNPQRTUVWXY346789'
const CODE_LENGTH = 6

/** 256 bits for a cookie, as 43 characters. */
export function newCookie(): string {
  return randomBytes(32).toString('base64url')
}

/** 128 bits for a link that is good once, as 22 characters. */
export function newPairingToken(): string {
  return randomBytes(16).toString('base64url')
}

/** Six signs to be typed: some 28 bits, so whoever takes them allows few wrong ones. */
export function newPairingCode(): string {
  return Array.from({ length: CODE_LENGTH }, () => CODE_SIGNS[randomInt(CODE_SIGNS.length)]).join('')
}

/** As a person may have typed it. */
export function toCode(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/g, '')
}

/** Looking up a hash leaks nothing through timing. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
