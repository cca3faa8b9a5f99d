/**
 * Hook tokens: how a container speaks to a TCP door where no socket can be had. A token names one guest and can ask for
 * it, nothing else: its audience is no other door's. It counts only as long as it is the one that the guest was given last.
 */
import { createHmac, randomUUID } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'

const ISSUER = 'remote-claude'
const AUDIENCE = 'hook'
const ALGORITHM = 'HS256'

/** Tokens are signed by a key of their own, so that no other use of the state folder's key makes one. */
export function hookTokenKey(key: Buffer): Uint8Array {
  return createHmac('sha256', key).update('hook-token').digest()
}

/** A new token for a guest, and the id that it is known by. It does not expire; it is revoked. */
export async function issueHookToken(key: Uint8Array, guest: string): Promise<{ token: string; id: string }> {
  const id = randomUUID()
  const token = await new SignJWT()
    .setProtectedHeader({ alg: ALGORITHM })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(guest)
    .setJti(id)
    .setIssuedAt()
    .sign(key)
  return { token, id }
}

/** Which guest a token was made for, and its id; null for anything that is no hook token of ours. */
export async function readHookToken(
  key: Uint8Array,
  token: string,
): Promise<{ guest: string; id: string } | null> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [ALGORITHM],
      audience: AUDIENCE,
      issuer: ISSUER,
      requiredClaims: ['sub', 'jti'],
    })
    return { guest: String(payload.sub), id: String(payload.jti) }
  } catch (error) {
    if (error instanceof errors.JOSEError) return null
    throw error
  }
}
