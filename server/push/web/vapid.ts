/** Who pushes, for the push services of browsers: RFC 8292. One pair of keys for this machine, made once. */
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'

/** Where the keys are kept; null before there are any. */
type Kept = { get(): string | null; set(text: string): void }

/** Services take up to 24 hours (RFC 8292, 2). */
const LIVES_S = 12 * 60 * 60

export type Vapid = Awaited<ReturnType<typeof createVapid>>

/** `contact`: whom a push service can turn to, an https address or mailto:. */
export async function createVapid({
  kept,
  contact,
  now,
}: {
  kept: Kept
  contact: string
  now: () => number
}) {
  const jwk = readKey(kept.get()) ?? (await newKey(kept))
  const key = await importJWK(jwk, 'ES256')
  const raw = [Buffer.from([4]), Buffer.from(jwk.x ?? '', 'base64url'), Buffer.from(jwk.y ?? '', 'base64url')]
  const publicKey = Buffer.concat(raw).toString('base64url')
  return {
    /** The uncompressed point as base64url, which browsers subscribe with. */
    publicKey,
    /** The header for one endpoint. */
    async authorization(endpoint: string): Promise<string> {
      const seconds = Math.floor(now() / 1000)
      const token = await new SignJWT({ sub: contact })
        .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
        .setAudience(new URL(endpoint).origin)
        .setExpirationTime(seconds + LIVES_S)
        .sign(key)
      return `vapid t=${token}, k=${publicKey}`
    },
  }
}

function readKey(text: string | null): JWK | null {
  return text === null ? null : JSON.parse(text)
}

async function newKey(kept: Kept): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(privateKey)
  kept.set(JSON.stringify(jwk))
  return jwk
}
