import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readPurpose } from '../../../../container/keys/signed-data.ts'
import { HOST_KEY, KEY, login, OTHER_KEY, sshsig, string } from './world.ts'

const unknown = { purpose: 'unknown' }

describe('what is signed to log in', () => {
  test('tells the user, and the host key that the server must have', () => {
    expect(readPurpose(login(), KEY)).toEqual({ purpose: 'login', user: 'git', hostKey: HOST_KEY })
  })

  test('tells no host key where the client binds none', () => {
    expect(readPurpose(login({ hostKey: null }), KEY)).toEqual({
      purpose: 'login',
      user: 'git',
      hostKey: null,
    })
  })

  test('is known under the three names of an RSA key', () => {
    const blob = Buffer.concat([string('ssh-rsa'), string('e'), string('n')])
    for (const algorithm of ['ssh-rsa', 'rsa-sha2-256', 'rsa-sha2-512']) {
      expect(readPurpose(login({ blob, algorithm }), blob)).toMatchObject({ purpose: 'login' })
    }
  })

  test.each([
    ['the key inside is another than the one that signs', login({ blob: OTHER_KEY })],
    ['the algorithm is not one of the key', login({ algorithm: 'ssh-rsa' })],
    ['it is for another service', login({ service: 'ssh-userauth' })],
    ['it is for another method', login({ method: 'hostbased' })],
    ['a method without a host key carries one', login({ method: 'publickey' })],
    ['a host key is missing', login({ hostKey: null, method: 'publickey-hostbound-v00@openssh.com' })],
    ['it says that nothing is signed', login({ signed: 0 })],
    ['it is another message', login({ type: 51 })],
    ['it belongs to no connection', login({ session: Buffer.alloc(0) })],
    ['something follows', Buffer.concat([login(), Buffer.from('x')])],
    ['the user is empty', login({ user: '' })],
    ['the user hides a character', login({ user: 'git\u200b' })],
    ['the user is turned round', login({ user: '\u202etig' })],
    ['the user clears the screen', login({ user: 'git\u001b[2J' })],
    ['the user is not UTF-8', login({ user: Buffer.from([0x67, 0xff]) })],
    ['the user is too long to be shown', login({ user: 'g'.repeat(257) })],
  ])('is of unknown purpose when %s', (_, data) => {
    expect(readPurpose(data, KEY)).toEqual(unknown)
  })
})

describe('what is signed of a file', () => {
  test('tells the namespace', () => {
    expect(readPurpose(sshsig('git'), KEY)).toEqual({ purpose: 'signature', namespace: 'git' })
  })

  test.each([
    ['the namespace is empty', sshsig('')],
    ['the namespace hides a character', sshsig('git\0')],
    ['the hash has the wrong length', sshsig('git', Buffer.alloc(20))],
    ['something follows', Buffer.concat([sshsig('git'), Buffer.from('x')])],
    ['it ends early', sshsig('git').subarray(0, -1)],
    ['there is only the beginning', Buffer.from('SSHSIG')],
  ])('is of unknown purpose when %s', (_, data) => {
    expect(readPurpose(data, KEY)).toEqual(unknown)
  })
})

test('no bytes that are cut off or changed in length pass for a login', () => {
  const whole = login()
  fc.assert(
    fc.property(fc.nat(whole.length - 1), (length) => {
      expect(readPurpose(whole.subarray(0, length), KEY)).toEqual(unknown)
    }),
  )
})

test('any other bytes are of unknown purpose', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      expect(readPurpose(Buffer.from(bytes), KEY)).toEqual(unknown)
    }),
  )
})
