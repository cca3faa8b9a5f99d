/**
 * What a signature would be good for, read from the very bytes that are to be signed. Whatever is not exactly one of the
 * two known forms is of unknown purpose. Pure.
 */
import { readName } from './plain-text.ts'
import { createReader, MalformedMessage } from './wire.ts'

export type Purpose =
  /** `hostKey` is the public key that the server must prove to have, or null where the form does not bind one. */
  | { purpose: 'login'; user: string; hostKey: Buffer | null }
  | { purpose: 'signature'; namespace: string }
  | { purpose: 'unknown' }

const UNKNOWN: Purpose = { purpose: 'unknown' }
const SSHSIG = Buffer.from('SSHSIG')
/** SSH2_MSG_USERAUTH_REQUEST of RFC 4252. */
const USERAUTH_REQUEST = 50
/** OpenSSH 8.9 and later, on both sides: a server takes it only for a host key of its own. */
const HOSTBOUND = 'publickey-hostbound-v00@openssh.com'
const HASH_BYTES: Record<string, number> = { sha256: 32, sha512: 64 }

/** Reads `data`, which the key `blob` is to sign. Never throws. */
export function readPurpose(data: Buffer, blob: Buffer): Purpose {
  try {
    return data.subarray(0, SSHSIG.length).equals(SSHSIG) ? readSshsig(data) : readLogin(data, blob)
  } catch (error) {
    if (error instanceof MalformedMessage) return UNKNOWN
    throw error
  }
}

// RFC 4252, section 7, and OpenSSH's PROTOCOL, "publickey-hostbound".
function readLogin(data: Buffer, blob: Buffer): Purpose {
  const reader = createReader(data)
  const session = reader.string()
  reader.expectByte(USERAUTH_REQUEST)
  const user = readName(reader.string())
  const service = reader.string().toString('latin1')
  const method = reader.string().toString('latin1')
  reader.expectByte(1)
  const algorithm = reader.string().toString('latin1')
  const key = reader.string()
  const hostKey = method === HOSTBOUND ? reader.string() : null
  reader.end()
  const isWhole =
    session.length > 0 &&
    service === 'ssh-connection' &&
    (method === 'publickey' || method === HOSTBOUND) &&
    key.equals(blob) &&
    familyOf(algorithm) === familyOf(createReader(blob).string().toString('latin1'))
  return isWhole && user !== null ? { purpose: 'login', user, hostKey } : UNKNOWN
}

// OpenSSH's PROTOCOL.sshsig: what ssh-keygen -Y sign, and so git, has signed.
function readSshsig(data: Buffer): Purpose {
  const reader = createReader(data)
  reader.take(SSHSIG.length)
  const namespace = readName(reader.string())
  reader.string()
  const algorithm = reader.string().toString('latin1')
  const hash = reader.string()
  reader.end()
  return namespace !== null && hash.length === HASH_BYTES[algorithm]
    ? { purpose: 'signature', namespace }
    : UNKNOWN
}

/** An RSA key signs under three names. */
function familyOf(algorithm: string): string {
  return algorithm.replace(/^rsa-sha2-(256|512)/, 'ssh-rsa')
}
