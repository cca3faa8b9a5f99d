/** What is kept of a session's egress, and what is found out about the programs behind it. */
import { appendFile, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEgressLog, readEgressLog, totalEgress } from '../../../../container/egress/log.ts'
import { findProcesses } from '../../../../container/egress/processes.ts'

let folder: string
let file: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rc-egress-log-'))
  file = join(folder, 'egress.jsonl')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const event = (host: string, allowed: boolean, at = 1) => ({ host, port: 443, allowed, reason: 'why', at })

test('decisions are counted by host and port, the most refused first', async () => {
  const write = createEgressLog(file)
  for (const [host, allowed] of [
    ['a', true],
    ['b', false],
    ['a', true],
    ['b', false],
    ['b', true],
  ] as const)
    write(event(host, allowed))
  write({ ...event('a', false, 7), port: 80 })
  expect(totalEgress(await readEgressLog(file))).toEqual([
    { host: 'b', port: 443, allowed: 1, refused: 2, last: 1, reason: 'why' },
    { host: 'a', port: 80, allowed: 0, refused: 1, last: 7, reason: 'why' },
    { host: 'a', port: 443, allowed: 2, refused: 0, last: 1, reason: 'why' },
  ])
})

test('a new log goes on where the last one ended, and a broken line costs only itself', async () => {
  createEgressLog(file)(event('a', true))
  await appendFile(file, '{"at":\n')
  createEgressLog(file)(event('b', true))
  expect((await readEgressLog(file)).map(({ host }) => host)).toEqual(['a', 'b'])
})

test('a session that tries hosts all night fills two files and no more', async () => {
  const write = createEgressLog(file)
  const host = 'x'.repeat(60_000)
  for (let count = 0; count < 120; count++) write(event(host, false))
  const sizes = await Promise.all(
    (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size),
  )
  expect(sizes).toHaveLength(2)
  expect(Math.max(...sizes)).toBeLessThan(2.2 * 1024 * 1024)
})

test('a folder that is gone stops nothing', async () => {
  const write = createEgressLog(join(folder, 'gone/egress.jsonl'))
  expect(() => write(event('a', true))).not.toThrow()
})

test('the programs with a connection to the relay are named, and only they', async () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:A1B2 0100007F:0C38 01 00000000:00000000 00:00000000 00000000  1000        0 111 1',
    '   1: 0100007F:0C38 0100007F:A1B2 01 00000000:00000000 00:00000000 00000000  1000        0 222 1',
    '   2: 0100007F:A1B3 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 333 1',
  ].join('\n')
  for (const [pid, inode, command] of [
    ['10', 222, 'node\0relay.cjs\0'],
    ['11', 111, 'curl\0https://new.example.org\0'],
    ['12', 333, 'node\0server.js\0'],
  ] as const) {
    await mkdir(join(folder, pid, 'fd'), { recursive: true })
    await mkdir(join(folder, pid, 'net'))
    await writeFile(join(folder, pid, 'net/tcp'), table)
    await writeFile(join(folder, pid, 'cmdline'), command)
    await symlink(`socket:[${inode}]`, join(folder, pid, 'fd/5'))
  }
  expect(await findProcesses([10, 11, 12], folder)).toEqual(['curl https://new.example.org'])
  expect(await findProcesses([99], folder)).toEqual([])
  expect(await findProcesses([], folder)).toEqual([])
})
