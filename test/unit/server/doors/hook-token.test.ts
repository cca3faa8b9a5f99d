import { SignJWT, UnsecuredJWT } from 'jose'
import { expect, test } from 'vitest'
import { hookTokenKey, issueHookToken, readHookToken } from '../../../../server/doors/hook-token.ts'

const key = hookTokenKey(Buffer.alloc(32, 7))

/** A token that is right in everything but what is changed. */
const almost = ({
  audience = 'hook',
  issuer = 'remote-claude',
  alg = 'HS256',
  by = key,
  jti = 'j' as string | null,
}) => {
  const token = new SignJWT().setProtectedHeader({ alg }).setSubject('guest2').setAudience(audience)
  if (jti !== null) token.setJti(jti)
  return token.setIssuer(issuer).setIssuedAt().sign(by)
}

test('a token says which guest it was made for', async () => {
  const { token, id } = await issueHookToken(key, 'guest2')
  expect(await readHookToken(key, token)).toEqual({ guest: 'guest2', id })
  expect(await readHookToken(key, await almost({}))).toEqual({ guest: 'guest2', id: 'j' })
})

test('two tokens of one guest are told apart', async () => {
  const [one, other] = [await issueHookToken(key, 'guest2'), await issueHookToken(key, 'guest2')]
  expect(one.id).not.toBe(other.id)
})

test.each<[string, () => Promise<string>]>([
  ['another audience, such as a device', () => almost({ audience: 'device' })],
  ['another issuer', () => almost({ issuer: 'somebody' })],
  ['another algorithm of the same key', () => almost({ alg: 'HS512', by: new Uint8Array(64).fill(7) })],
  ['another key', () => almost({ by: hookTokenKey(Buffer.alloc(32, 8)) })],
  ['the key of the state folder itself', () => almost({ by: Buffer.alloc(32, 7) })],
  ['no id', () => almost({ jti: null })],
  [
    'no signature',
    async () =>
      new UnsecuredJWT().setSubject('guest2').setAudience('hook').setIssuer('remote-claude').encode(),
  ],
  [
    'a changed letter',
    async () => (await almost({})).replace(/.(.)$/, (_, last) => `${last === 'A' ? 'B' : 'A'}${last}`),
  ],
  ['nothing', async () => ''],
  ['rubbish', async () => 'a.b.c'],
])('a token with %s is none', async (_, make) => {
  expect(await readHookToken(key, await make())).toBeNull()
})
