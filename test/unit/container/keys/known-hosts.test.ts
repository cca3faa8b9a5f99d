import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findHosts } from '../../../../container/keys/known-hosts.ts'

const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIHzfH8NZRaJjt9pwSNglHFFUrXlw3dojPlNajr/7Qq/b'
const OTHER = 'AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
/** As `ssh-keygen -H` of OpenSSH 9.2 wrote them, for git.example.org, 192.0.2.7 and [git.example.org]:2222. */
const HASHED = [
  `|1|Hn2y2KwL5KjUhhajQ4PdkX+zHzI=|KyNWlJOIW0904pK5BwYCkYlEuHw= ssh-ed25519 ${KEY}`,
  `|1|eAw3WSOj5IKRaLaYAH481OztldU=|FFDcNKO6rpNDRQUv2qRP0J1Wjc4= ssh-ed25519 ${KEY}`,
  `|1|gdfoyRVaGNUCT5tVgfygAlH4UxU=|W5McCbZTWcyI3yW0qmtIrHmy1gQ= ssh-ed25519 ${KEY}`,
]

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'known-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function find(lines: string[], candidates: string[] = []) {
  const file = join(folder, 'known_hosts')
  writeFileSync(file, `${lines.join('\n')}\n`)
  return findHosts(Buffer.from(KEY, 'base64'), { files: [join(folder, 'missing'), file], candidates })
}

test('a key has the names of every plain entry that holds it', async () => {
  const lines = [
    `git.example.org,192.0.2.7 ssh-ed25519 ${KEY} a comment`,
    `  [git.example.org]:2222\tssh-ed25519 ${KEY}`,
    `other.example.org ssh-ed25519 ${OTHER}`,
  ]
  expect(await find(lines)).toEqual(['192.0.2.7', '[git.example.org]:2222', 'git.example.org'])
})

test('a hashed entry is recognised when its host is a candidate, at port 22 and at others', async () => {
  expect(await find(HASHED)).toEqual([])
  expect(await find(HASHED, ['evil.example.org', 'git.example.org'])).toEqual(['git.example.org'])
  const both = ['[git.example.org]:2222', 'git.example.org']
  expect(await find(HASHED, ['git.example.org:2222'])).toEqual(both)
  expect(await find(HASHED, ['[git.example.org]:2222', 'git.example.org'])).toEqual(both)
})

test.each([
  ['revoked', `@revoked * ssh-ed25519 ${KEY}`],
  ['revoked for one name', `@revoked git.example.org ssh-ed25519 ${KEY}`],
])('a key that is %s names no host', async (_, line) => {
  expect(await find([`git.example.org ssh-ed25519 ${KEY}`, line])).toEqual([])
})

test.each([
  ['a certificate authority', `@cert-authority git.example.org ssh-ed25519 ${KEY}`],
  ['a comment', `#git.example.org ssh-ed25519 ${KEY}`],
  ['an exception', `!git.example.org ssh-ed25519 ${KEY}`],
  ['an unknown way of hashing', `|2|c2FsdA==|aGFzaA== ssh-ed25519 ${KEY}`],
  ['a broken hash', `|1|| ssh-ed25519 ${KEY}`],
  ['a line without a key', 'git.example.org'],
])('%s names no host', async (_, line) => {
  expect(await find([line], ['git.example.org', ''])).toEqual([])
})
