/** A message for one browser, which nobody on the way can read: RFC 8291 (aes128gcm, RFC 8188), one record. */
import { createCipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto'

/** What the browser has given with its subscription, as base64url: its public key and a secret of 16 bytes. */
export type BrowserKeys = { p256dh: string; auth: string }

/** Our side of one message; tests give the vector's. */
type Own = { salt?: Buffer; privateKey?: Buffer }

const RECORD_BYTES = 4_096
/** What a push service takes (RFC 8030, 7.2), less the header, the tag and the mark of the last record. */
export const MOST_BYTES = RECORD_BYTES - 86 - 16 - 1
const CURVE = 'prime256v1'
const LAST_RECORD = Buffer.from([2])

/** The body of the request. Throws for keys that are none. */
export function encrypt(
  text: string,
  keys: BrowserKeys,
  { salt = randomBytes(16), privateKey }: Own = {},
): Buffer {
  const own = createECDH(CURVE)
  if (privateKey === undefined) own.generateKeys()
  else own.setPrivateKey(privateKey)
  const theirs = Buffer.from(keys.p256dh, 'base64url')
  const ours = own.getPublicKey()
  const shared = own.computeSecret(theirs)
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), theirs, ours])
  const key = derive(shared, Buffer.from(keys.auth, 'base64url'), info, 32)
  const cipher = createCipheriv(
    'aes-128-gcm',
    derive(key, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16),
    derive(key, salt, Buffer.from('Content-Encoding: nonce\0'), 12),
  )
  const header = Buffer.alloc(5)
  header.writeUInt32BE(RECORD_BYTES)
  header.writeUInt8(ours.length, 4)
  const body = [cipher.update(text, 'utf8'), cipher.update(LAST_RECORD), cipher.final(), cipher.getAuthTag()]
  return Buffer.concat([salt, header, ours, ...body])
}

function derive(key: Buffer, salt: Buffer, info: Buffer, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, info, bytes))
}
