/** How a public key is named to a person. Pure. */
import { createHash } from 'node:crypto'
import { stripHidden } from './plain-text.ts'
import { createReader, MESSAGE } from './wire.ts'

export type PublicKey = {
  /** Such as `ssh-ed25519`. */
  type: string
  /** What the user's agent calls it: often the key's file, or an e-mail address. */
  comment: string
  /** `SHA256:…`, as `ssh-keygen -l` prints it; of a certificate, that of the certificate itself. */
  fingerprint: string
}

/** A key as the agent lists it; its blob is what names it in the protocol. */
export type Identity = { blob: Buffer; key: PublicKey }

export function fingerprintOf(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

/** The keys in an agent's answer to a request for them. Throws `MalformedMessage` when it is anything else. */
export function readIdentities(message: Buffer): Identity[] {
  const reader = createReader(message)
  reader.expectByte(MESSAGE.keys)
  const identities: Identity[] = []
  // The count is the agent's word: each key must be there before the next is believed in.
  for (let left = reader.uint32(); left > 0; left -= 1) {
    const blob = reader.string()
    const comment = stripHidden(reader.string().toString())
    const type = stripHidden(createReader(blob).string().toString('latin1'))
    identities.push({ blob, key: { type, comment, fingerprint: fingerprintOf(blob) } })
  }
  reader.end()
  return identities
}

/** One public key, as OpenSSH writes them into `.pub` files, also those of security keys and certificates' keys. */
const PUBLIC_KEY = /^((?:ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/]+=*)(?: .*)?$/

/** The key of a line such as `ssh-ed25519 AAAA… comment`, without the comment; null for anything else. */
export function toPublicKey(text: string): string | null {
  return PUBLIC_KEY.exec(text.trim())?.[1] ?? null
}
