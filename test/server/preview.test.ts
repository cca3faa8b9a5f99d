import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskSecrets, shorten, showHidden, summary } from '../../server/preview.ts'

describe('hidden characters', () => {
  test.each([
    ['right-to-left override', 'rm \u202e fdp.x', 'rm ‹U+202E› fdp.x'],
    ['zero width space', 'a\u200bb', 'a‹U+200B›b'],
    ['escape', '\u001b[2Jx', '‹U+001B›[2Jx'],
    ['bell and null', '\u0007\u0000', '‹U+0007›‹U+0000›'],
    ['tag letters', 'x\u{e0041}', 'x‹U+E0041›'],
    ['a filler that looks like nothing', 'a\u3164', 'a‹U+3164›'],
    ['line separator', 'a\u2028b', 'a‹U+2028›b'],
    ['lone surrogate', 'a\ud800', 'a‹U+D800›'],
    ['carriage return', 'safe\rrm -rf', 'safe‹U+000D›rm -rf'],
  ])('%s is shown', (_, text, shown) => {
    expect(showHidden(text)).toBe(shown)
  })

  test('lines, tabs, letters of any script and plain emoji stay as they are', () => {
    const text = 'line\n\tünïcödé 日本語 עברית ✅'
    expect(showHidden(text)).toBe(text)
  })

  test('nothing is left in any text that a reader would not see', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(showHidden(text)).not.toMatch(/[\p{Cf}\p{Cs}]|[\p{Cc}--[\t\n]]/v)
      }),
    )
  })
})

describe('secrets', () => {
  test.each([
    ['export KEY=sk-ant-api03-abcdefghijklmnop', 'sk-ant-api03-abcdefghijklmnop'],
    ['git clone https://me:hunter2secret@example.org/x', 'hunter2secret'],
    ['curl -H "Authorization: Bearer abcdefgh12345678"', 'abcdefgh12345678'],
    ['GITHUB_TOKEN=ghp_abcdefghijklmnopqrstuvwxyz012345 gh', 'ghp_abcdefghijklmnopqrstuvwxyz012345'],
    ['mysql --password=s3cr3t!', 's3cr3t!'],
    ['DB_PASSWORD="two words" run', 'two words'],
    ['aws configure AKIAABCDEFGHIJKLMNOP', 'AKIAABCDEFGHIJKLMNOP'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----', 'MIIE'],
  ])('%s', (text, secret) => {
    expect(maskSecrets(text)).not.toContain(secret)
    expect(maskSecrets(text)).toContain('[masked]')
  })

  test('plain commands are left alone', () => {
    const text = 'git push origin main && grep -rn "token" src'
    expect(maskSecrets(text)).toBe(text)
  })
})

describe('shortening', () => {
  test('what fits stays whole, what does not keeps head and tail and counts the rest', () => {
    expect(shorten('short', 10)).toBe('short')
    const text = `git push ${'x'.repeat(500)} --force`
    const short = shorten(text, 100)
    expect(short.startsWith('git push')).toBe(true)
    expect(short.endsWith('--force')).toBe(true)
    expect(short).toMatch(/… \d+ characters …/)
  })

  test('it never exceeds its limit, never splits a character, and counts truly', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.integer({ min: 1, max: 120 }),
        (text, most) => {
          const short = shorten(text, most)
          const length = Array.from(short).length
          expect(length).toBeLessThanOrEqual(Math.max(most, 0))
          expect(short.isWellFormed()).toBe(true)
          const left = / … (\d+) characters … /.exec(short)
          if (left && !text.includes(' … ')) {
            const mark = Array.from(left[0]).length
            expect(Number(left[1])).toBe(Array.from(text).length - (length - mark))
          }
        },
      ),
    )
  })

  test('a command of a megabyte keeps both ends', () => {
    const short = shorten(`begin${'😀'.repeat(300_000)}end`, 900)
    expect(short.startsWith('begin')).toBe(true)
    expect(short.endsWith('end')).toBe(true)
    expect(Array.from(short).length).toBeLessThanOrEqual(900)
  })
})

test.each([
  ['Bash', { command: 'ls', description: 'List' }, 'ls'],
  ['Write', { file_path: '/a', content: 'x' }, '/a'],
  ['WebFetch', { url: 'https://example.org/', prompt: 'p' }, 'https://example.org/'],
  ['mcp__lab__echo', { text: 'hi' }, '{"text":"hi"}'],
  ['Bash', { command: 5 }, '{"command":5}'],
])('%s is summed up as what matters', (tool, input, text) => {
  expect(summary(tool, input)).toBe(text)
})
