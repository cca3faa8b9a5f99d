/** The vector of RFC 8291, appendix A, byte for byte, and what a browser would make of any other message. */
import { createECDH, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encrypt, MOST_BYTES } from '../../../../../server/push/web/encrypt.ts'
import { decrypt } from './browser.ts'

const bytes = (text: string) => Buffer.from(text, 'base64url')

test("RFC 8291's own message comes out byte for byte", () => {
  const keys = {
    p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  }
  const own = {
    salt: bytes('DGv6ra1nlYgDCS1FRnbzlw'),
    privateKey: bytes('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'),
  }
  expect(encrypt('When I grow up, I want to be a watermelon', keys, own).toString('base64url')).toBe(
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
  )
})

test('whatever is sent, its browser reads it, and no two messages are alike', () => {
  const browser = createECDH('prime256v1')
  browser.generateKeys()
  const auth = randomBytes(16)
  const keys = { p256dh: browser.getPublicKey('base64url'), auth: auth.toString('base64url') }
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 600 }), (text) => {
      const [one, other] = [encrypt(text, keys), encrypt(text, keys)]
      expect(decrypt(one, browser, auth)).toBe(text)
      expect(one.equals(other)).toBe(false)
    }),
    { numRuns: 50 },
  )
})

test('the longest message fills what a push service takes, and no more', () => {
  const browser = createECDH('prime256v1')
  browser.generateKeys()
  const keys = { p256dh: browser.getPublicKey('base64url'), auth: randomBytes(16).toString('base64url') }
  expect(encrypt('x'.repeat(MOST_BYTES), keys).length).toBe(4_096)
})
