import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fingerprintOf, readIdentities } from '../../../../container/keys/public-key.ts'
import { createReader, createSplitter, MAX_MESSAGE_BYTES, toFrame } from '../../../../container/keys/wire.ts'
import { KEY, keysOf, string, uint32 } from './world.ts'

const messages = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }).map(Buffer.from), { maxLength: 6 })

describe('a stream of messages', () => {
  test('gives the same messages however it is cut into chunks', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sent, sizes) => {
        const stream = Buffer.concat(sent.map(toFrame))
        const split = createSplitter()
        const got: Buffer[] = []
        for (let at = 0, turn = 0; at < stream.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1
          got.push(...split(stream.subarray(at, at + size)))
          at += size
        }
        expect(got).toEqual(sent)
      }),
    )
  })

  test.each([0, MAX_MESSAGE_BYTES + 1, 0xffff_ffff])(
    'is broken by a message of %d bytes, before it has come',
    (length) => {
      expect(() => [...createSplitter()(uint32(length))]).toThrow(`${length} bytes`)
    },
  )

  test('may carry a message of the largest size', () => {
    const largest = Buffer.alloc(MAX_MESSAGE_BYTES, 7)
    expect([...createSplitter()(toFrame(largest))]).toEqual([largest])
  })
})

describe('a reader', () => {
  test('refuses a string that is longer than what is there', () => {
    expect(() => createReader(Buffer.concat([uint32(4), Buffer.from('abc')])).string()).toThrow('4 bytes')
    expect(() => createReader(Buffer.from([0, 0])).string()).toThrow('4 bytes')
    expect(() => createReader(uint32(0xffff_ffff)).string()).toThrow('4294967295')
  })
})

describe('a list of keys', () => {
  test('has the type, the comment and the fingerprint that ssh-keygen -l prints', () => {
    const blob = Buffer.from('AAAAC3NzaC1lZDI1NTE5AAAAIHzfH8NZRaJjt9pwSNglHFFUrXlw3dojPlNajr/7Qq/b', 'base64')
    const fingerprint = 'SHA256:v1d2IGSRJZ4ld3OglV9rpYnP8clhRssWgUVRdqt5KIg'
    expect(readIdentities(keysOf([blob], 'throwaway'))).toEqual([
      { blob, key: { type: 'ssh-ed25519', comment: 'throwaway', fingerprint } },
    ])
    expect(fingerprintOf(blob)).toBe(fingerprint)
  })

  test('has no comment with characters that hide or turn what is read', () => {
    const [identity] = readIdentities(keysOf([KEY], 'my\u001b[2J key\n\u202e\u200b!'))
    expect(identity?.key.comment).toBe('my[2J key!')
  })

  test.each([
    ['another message', Buffer.from([5])],
    ['fewer keys than it says', Buffer.concat([Buffer.from([12]), uint32(2), string(KEY), string('one')])],
    ['a count that no message holds', Buffer.concat([Buffer.from([12]), uint32(0xffff_ffff)])],
    ['something after the last key', Buffer.concat([keysOf([KEY]), Buffer.from('x')])],
    ['a key that is none', keysOf([Buffer.from('x')])],
  ])('is refused when it is %s', (_, message) => {
    expect(() => readIdentities(message)).toThrow()
  })
})
