/** Conversations are kept and given without trusting a folder that a session could write to. */
import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createConversations } from '../../../../container/conversations/conversations.ts'
import { isTooLarge } from '../../../../container/conversations/size.ts'
import { takeHome } from '../../../../container/conversations/take.ts'
import { listTranscripts } from '../../../../container/conversations/transcripts.ts'

const ONE = '11111111-1111-4111-8111-111111111111'
const TWO = '22222222-2222-4222-8222-222222222222'
const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
const workspace = '/home/ada/app'

let root: string
let claudeDir: string
let atHome: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rc-conversations-'))
  claudeDir = join(root, 'claude')
  atHome = join(claudeDir, 'projects/-home-ada-app')
  await mkdir(atHome, { recursive: true })
})
afterEach(() => rm(root, { recursive: true, force: true }))

const create = () => createConversations({ stateDir: join(root, 'state'), claudeDir })
const folderOf = (id: string) => join(root, 'state/sessions', id, 'conversations')
const line = (type: string, text: string, more: object = {}) => `${JSON.stringify({ type, text, ...more })}\n`
const user = (text: string) => line('user', text)

test('what is no ordinary file with the name of a transcript is neither given, kept nor taken', async () => {
  const conversations = create()
  await conversations.prepare({ id: 'a', workspace }, owner)
  const folder = folderOf('a')
  await writeFile(join(root, 'secret'), 'secret')
  await writeFile(join(folder, `${ONE}.jsonl`), user('mine'))
  await symlink(join(root, 'secret'), join(folder, `${TWO}.jsonl`))
  execFileSync('mkfifo', [join(folder, `${TWO.replace('2', '3')}.jsonl`)])
  await mkdir(join(folder, `${TWO.replace('2', '4')}.jsonl`))
  await mkdir(join(folder, 'memory'))
  for (const name of ['MEMORY.md', 'memory/MEMORY.md', 'x.jsonl', `${ONE}.json`, `..${ONE}.jsonl`])
    await writeFile(join(folder, name), 'planted')
  expect((await conversations.list({ id: 'a', workspace })).map(({ id }) => id)).toEqual([ONE])
  await conversations.prepare({ id: 'a', workspace }, owner)
  expect(await readdir(folder)).toEqual([`${ONE}.jsonl`])
})

test('another workspace whose name is the same with Claude has none of them', async () => {
  const conversations = create()
  await conversations.prepare({ id: 'a', workspace: '/w/a-b' }, owner)
  await writeFile(join(folderOf('a'), `${ONE}.jsonl`), user('mine'))
  await conversations.putAway({ id: 'a', workspace: '/w/a-b' })
  await conversations.prepare({ id: 'b', workspace: '/w/a/b' }, owner)
  expect(await readdir(folderOf('b'))).toEqual([])
  await conversations.prepare({ id: 'c', workspace: '/w/a-b' }, owner)
  expect(await readdir(folderOf('c'))).toEqual([`${ONE}.jsonl`])
})

test('of a conversation that went on here and in a session, the one that went on last is given', async () => {
  const conversations = create()
  await conversations.prepare({ id: 'a', workspace }, owner)
  const [inside, here] = [join(folderOf('a'), `${ONE}.jsonl`), join(atHome, `${ONE}.jsonl`)]
  await writeFile(inside, user('inside'))
  await writeFile(here, user('here'))
  await utimes(here, 1000, 1000)
  await conversations.prepare({ id: 'a', workspace }, owner)
  expect(await readFile(inside, 'utf8')).toBe(user('inside'))
  await utimes(here, Date.now() / 1000 + 5, Date.now() / 1000 + 5)
  await utimes(inside, 1000, 1000)
  await rm(join(root, 'state/conversations'), { recursive: true })
  await conversations.prepare({ id: 'a', workspace }, owner)
  expect(await readFile(inside, 'utf8')).toBe(user('here'))
})

test('a folder that cannot be entered by its owner is removed all the same', async () => {
  const conversations = create()
  await conversations.prepare({ id: 'a', workspace }, owner)
  await mkdir(join(folderOf('a'), 'x/y'), { recursive: true })
  await chmod(join(folderOf('a'), 'x'), 0)
  await conversations.putAway({ id: 'a', workspace })
  await expect(readdir(folderOf('a'))).rejects.toThrow('ENOENT')
})

test.each([
  ['bytes', async (folder: string) => writeFile(join(folder, 'x'), 'x'.repeat(200_000))],
  [
    'files',
    async (folder: string) => {
      for (let at = 0; at < 20; at++) await writeFile(join(folder, `${at}`), '')
    },
  ],
  ['depth', async (folder: string) => mkdir(join(folder, 'x/'.repeat(40)), { recursive: true })],
])('a folder with too much of %s is too large', async (_, fill) => {
  const most = { bytes: 100_000, files: 10 }
  expect(await isTooLarge(root, most)).toBe(false)
  await fill(root)
  expect(await isTooLarge(root, most)).toBe(true)
  expect(await isTooLarge(join(root, 'gone'), most)).toBe(false)
})

async function take(text: string) {
  const folder = join(root, 'inside')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, `${ONE}.jsonl`), text)
  const [one] = await listTranscripts(folder)
  if (one === undefined) throw new Error('nothing to take')
  return await takeHome(one, { claudeDir, workspace })
}
const taken = () => readFile(join(atHome, `${ONE}.jsonl`), 'utf8')

test('what is taken is what was spoken: no queued prompt, no mode, no half line', async () => {
  const odd = [
    'queue-operation',
    'permission-mode',
    'mode',
    'file-history-snapshot',
    'worktree-state',
    'unheard-of',
  ]
  const text = `${odd.map((type) => line(type, 'x')).join('')}${line('user', 'a', { permissionMode: 'bypassPermissions' })}${user('b')}not json\n{"type":"user","text":"ha`
  expect(await take(text)).toMatchObject({ outcome: 'new' })
  expect(await taken()).toBe(user('a') + user('b'))
  expect(await take(text)).toMatchObject({ outcome: 'had' })
  expect(await take(text.replace('not json', user('c').trim()))).toMatchObject({ outcome: 'continued' })
  expect(await taken()).toBe(user('a') + user('b') + user('c'))
})

test('what has gone on differently here is not replaced', async () => {
  await writeFile(join(atHome, `${ONE}.jsonl`), user('a') + user('here'))
  await expect(take(user('a') + user('there'))).rejects.toThrow(
    expect.objectContaining({ code: 'conversation-differs' }),
  )
  expect(await taken()).toBe(user('a') + user('here'))
  expect(await take(user('a'))).toMatchObject({ outcome: 'had' })
})

test('what cannot be read as a transcript is not taken, and a link that stands there is not written through', async () => {
  await expect(take('#!/bin/sh\n')).rejects.toThrow(expect.objectContaining({ code: 'conversation-broken' }))
  await writeFile(join(root, 'profile'), 'mine')
  await symlink(join(root, 'profile'), join(atHome, `${ONE}.jsonl`))
  await take(user('a')).catch(() => {})
  expect(await readFile(join(root, 'profile'), 'utf8')).toBe('mine')
})
