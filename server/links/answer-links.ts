/** Answer links: opaque, derived from a key that never leaves the state folder, known to the store only as a hash. */
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { problem } from '../errors.ts'
import type { AskId } from '../protocol.ts'

const KEY_BYTES = 32

/**
 * The key in `<stateDir>/key`, made on first use. Two processes that start together end with the same key, because
 * only one of them can link its file into place. Throws `key-unusable` for a short key or one that others can read.
 */
export function loadKey(stateDir: string): Buffer {
  const file = join(stateDir, 'key')
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, randomBytes(KEY_BYTES), { mode: 0o600 })
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
  const key = readFileSync(file)
  if (key.length !== KEY_BYTES)
    throw problem('key-unusable', { file, why: `has ${key.length} bytes instead of ${KEY_BYTES}` })
  if ((statSync(file).mode & 0o077) !== 0)
    throw problem('key-unusable', { file, why: 'can be read by other users' })
  return key
}

/** 128 bits as 22 characters. The same ask always gets the same link, so a link need not be stored to be shown again. */
export function linkToken(key: Buffer, id: AskId): string {
  return createHmac('sha256', key).update(`answer-link:${id}`).digest().subarray(0, 16).toString('base64url')
}

/** What the store keeps of a link. Looking up a hash leaks nothing through timing. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** Whether a text has the one spelling a link can have; anything else is not looked up at all. */
export function isToken(text: string): boolean {
  return /^[A-Za-z0-9_-]{21}[AQgw]$/.test(text)
}
