import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readConfigFile, saveSettings, unreadable } from '../../../../setup/config/file.ts'

let folder: string
let file: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rc-config-'))
  file = join(folder, 'deeper', 'config.yaml')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const fine = () => {}

test('a missing file is none, not an error', async () => {
  expect(await readConfigFile(file)).toBeNull()
})

test('a folder in its place is said in a sentence', async () => {
  await mkdir(file, { recursive: true })
  await expect(readConfigFile(file)).rejects.toMatchObject({
    code: 'config-unreadable',
    message: `The configuration ${file} is a folder.`,
  })
})

test('a file where a folder belongs is said in a sentence', async () => {
  await writeFile(join(folder, 'deeper'), '')
  await expect(readConfigFile(file)).rejects.toMatchObject({ code: 'config-unreadable' })
})

test('a huge file is refused without being read', async () => {
  await mkdir(join(folder, 'deeper'))
  await writeFile(file, '#'.repeat(3 * 1024 * 1024))
  await expect(readConfigFile(file)).rejects.toMatchObject({ code: 'config-too-large' })
})

test('a file of somebody else is said in a sentence', () => {
  expect(unreadable('/x/config.yaml', 'EACCES', '')).toMatchObject({
    code: 'config-unreadable',
    message: 'The configuration /x/config.yaml may not be read by you.',
  })
})

test('saving creates the file readable by its owner alone', async () => {
  await saveSettings(file, [{ path: ['notifications', 'pushover', 'user_key'], value: 'x' }], fine)
  expect(await readFile(file, 'utf8')).toBe('notifications:\n  pushover:\n    user_key: x\n')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await stat(join(folder, 'deeper'))).mode & 0o777).toBe(0o700)
})

test('saving keeps comments, order and what it does not know', async () => {
  await mkdir(join(folder, 'deeper'))
  await writeFile(file, '# mine\nnetwork:\n  mode: none # for now\n\nfuture: 1\n', { mode: 0o644 })
  await saveSettings(file, [{ path: ['network', 'mode'], value: 'bridge' }], fine)
  expect(await readFile(file, 'utf8')).toBe('# mine\nnetwork:\n  mode: bridge # for now\n\nfuture: 1\n')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('saving undefined removes a setting', async () => {
  await mkdir(join(folder, 'deeper'))
  await writeFile(file, 'a: 1\nb: 2\n')
  await saveSettings(file, [{ path: ['a'], value: undefined }], fine)
  expect(await readFile(file, 'utf8')).toBe('b: 2\n')
})

test('a refused change leaves the file as it was, and nothing beside it', async () => {
  await mkdir(join(folder, 'deeper'))
  await writeFile(file, 'a: 1\n')
  const refuse = () => {
    throw new Error('no')
  }
  await expect(saveSettings(file, [{ path: ['a'], value: 2 }], refuse)).rejects.toThrow('no')
  expect(await readFile(file, 'utf8')).toBe('a: 1\n')
  expect(await readdir(join(folder, 'deeper'))).toEqual(['config.yaml'])
})

test('a broken file is not written over', async () => {
  await mkdir(join(folder, 'deeper'))
  await writeFile(file, 'a: [1\n')
  await expect(saveSettings(file, [{ path: ['a'], value: 2 }], fine)).rejects.toMatchObject({
    code: 'config-invalid',
  })
  expect(await readFile(file, 'utf8')).toBe('a: [1\n')
})

test('a symbolic link is followed, not replaced', async () => {
  await mkdir(join(folder, 'deeper'))
  await mkdir(join(folder, 'dotfiles'))
  await writeFile(join(folder, 'dotfiles', 'rc.yaml'), 'a: 1\n')
  await symlink('../dotfiles/rc.yaml', file)
  await saveSettings(file, [{ path: ['a'], value: 2 }], fine)
  expect(await readFile(join(folder, 'dotfiles', 'rc.yaml'), 'utf8')).toBe('a: 2\n')
})

test('one more entry of a list leaves the others and their comments alone', async () => {
  await mkdir(join(folder, 'deeper'))
  await writeFile(file, 'network:\n  allowed_domains:\n    - a.example # needed\n')
  const add = { path: ['network', 'allowed_domains'], add: 'b.example', to: ['default.example'] }
  await saveSettings(file, [add], fine)
  expect(await readFile(file, 'utf8')).toBe(
    'network:\n  allowed_domains:\n    - a.example # needed\n    - b.example\n',
  )
  await writeFile(file, '')
  await saveSettings(file, [add], fine)
  expect(await readFile(file, 'utf8')).toContain('- default.example\n    - b.example')
})
