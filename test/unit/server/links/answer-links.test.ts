import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hashToken, isToken, linkToken, loadKey } from '../../../../server/links/answer-links.ts'
import type { AskId } from '../../../../server/protocol.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rc-key-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

test('the key is made once, for its owner only', () => {
  const key = loadKey(dir)
  expect(key).toHaveLength(32)
  expect(loadKey(dir)).toEqual(key)
  expect(statSync(join(dir, 'key')).mode & 0o777).toBe(0o600)
})

test('a key that is too short, empty or open to others is refused', () => {
  for (const bytes of [0, 16, 31]) {
    writeFileSync(join(dir, 'key'), Buffer.alloc(bytes), { mode: 0o600 })
    expect(() => loadKey(dir)).toThrow(expect.objectContaining({ code: 'key-unusable' }))
  }
  writeFileSync(join(dir, 'key'), Buffer.alloc(32))
  chmodSync(join(dir, 'key'), 0o644)
  expect(() => loadKey(dir)).toThrow(expect.objectContaining({ code: 'key-unusable' }))
})

test('a link has one spelling; anything that decodes to the same bytes is another text', () => {
  const token = linkToken(Buffer.alloc(32, 1), 'abc234' as AskId)
  expect(isToken(token)).toBe(true)
  for (const other of [
    `${token}=`,
    `${token}.`,
    ` ${token}`,
    token.slice(0, -1),
    `${token.slice(0, -1)}z`,
    '',
  ]) {
    expect(isToken(other)).toBe(false)
  }
  expect(hashToken(token)).not.toBe(hashToken(`${token}=`))
})

test('another key or another ask gives another link', () => {
  const links = [1, 2].flatMap((fill) =>
    ['abc234', 'abc235'].map((id) => linkToken(Buffer.alloc(32, fill), id as AskId)),
  )
  expect(new Set(links).size).toBe(4)
})
