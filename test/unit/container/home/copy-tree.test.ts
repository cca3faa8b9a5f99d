import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { copyTree } from '../../../../container/home/copy-tree.ts'

let root: string
let from: string
let to: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rc-copy-'))
  from = join(root, 'from')
  to = join(root, 'to')
  await mkdir(from)
})
afterEach(() => rm(root, { recursive: true, force: true }))

const plenty = () => ({ files: 100, bytes: 10_000 })

test('files kept elsewhere and linked are copied, programs stay programs, and nobody else may read them', async () => {
  await mkdir(join(root, 'dotfiles/skill'), { recursive: true })
  await writeFile(join(root, 'dotfiles/skill/run.sh'), 'run')
  await chmod(join(root, 'dotfiles/skill/run.sh'), 0o555)
  await writeFile(join(root, 'dotfiles/skill/SKILL.md'), 'read')
  await symlink(join(root, 'dotfiles/skill'), join(from, 'skill'))
  expect(await copyTree(from, to, plenty())).toEqual([])
  expect((await stat(join(to, 'skill/run.sh'))).mode & 0o777).toBe(0o700)
  expect((await stat(join(to, 'skill/SKILL.md'))).mode & 0o777).toBe(0o600)
  expect(await readFile(join(to, 'skill/SKILL.md'), 'utf8')).toBe('read')
})

test('a link that leads back, one that leads nowhere and a pipe are left out, and the rest is copied', async () => {
  await symlink(from, join(from, 'a-loop'))
  await symlink('/nowhere', join(from, 'b-gone'))
  execFileSync('mkfifo', [join(from, 'c-pipe')])
  await writeFile(join(from, 'd'), '')
  expect(await copyTree(from, to, plenty())).toEqual(
    ['a-loop', 'b-gone', 'c-pipe'].map((name) => join(from, name)),
  )
  expect(await readdir(to)).toEqual(['d'])
})

test('a link inside what was linked stays inside: a downloaded skill cannot have secrets copied', async () => {
  await mkdir(join(root, '.ssh'))
  await writeFile(join(root, '.ssh/id'), 'key')
  await mkdir(join(root, 'skill/docs'), { recursive: true })
  await writeFile(join(root, 'skill/SKILL.md'), 'read')
  await symlink('../../.ssh', join(root, 'skill/docs/keys'))
  await symlink(join(root, '.ssh/id'), join(root, 'skill/id'))
  await symlink('../SKILL.md', join(root, 'skill/docs/again.md'))
  await symlink(root, join(from, 'home'))
  await symlink(join(root, 'skill'), join(from, 'skill'))
  const links = ['home', 'skill/docs/keys', 'skill/id'].map((name) => join(from, name))
  expect(await copyTree(from, to, plenty())).toEqual(links)
  expect(await readFile(join(to, 'skill/docs/again.md'), 'utf8')).toBe('read')
})

test('what is too large or too much is left out', async () => {
  await writeFile(join(from, 'a'), 'x'.repeat(101))
  for (const name of ['b', 'c', 'd']) await writeFile(join(from, name), '')
  expect(await copyTree(from, to, { files: 4, bytes: 100 })).toEqual([join(from, 'a'), join(from, 'd')])
})

test('the history of a collection stays behind; nothing to copy is no loss', async () => {
  await mkdir(join(from, '.git'))
  expect(await copyTree(from, to, plenty())).toEqual([])
  expect(await readdir(to)).toEqual([])
  expect(await copyTree(join(root, 'gone'), join(root, 'x'), plenty())).toEqual([])
})
