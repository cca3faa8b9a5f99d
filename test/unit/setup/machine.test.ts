import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMachine, type Machine, withSudo } from '../../../setup/machine.ts'
import { startDocker } from '../../../setup/needs/start-docker.ts'

let folder: string
let machine: Machine

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rc machine '))
  machine = createMachine({ PATH: `${folder}:/usr/bin:/bin`, LC_ALL: 'de_DE.UTF-8' }, { interactive: false })
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const program = (name: string, script: string) =>
  writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })

test('a program gives its code and all that it printed', async () => {
  await program('both', 'echo out; echo err >&2; exit 3')
  expect(await machine.run('both', [])).toEqual({ code: 3, output: 'out\nerr' })
})

test('a program that is not there is code 127, and not an error', async () => {
  expect(await machine.run('no-such-program', [])).toMatchObject({ code: 127 })
  expect(await machine.has('no-such-program')).toBe(false)
  expect(await machine.has('sh')).toBe(true)
})

test('a program that hangs is ended, and said to have hung', async () => {
  await program('hang', 'exec sleep 30')
  expect(await machine.run('hang', [], { timeoutMs: 200 })).toEqual({
    code: 1,
    output: 'hang did not answer',
  })
})

test('programs speak English, for their words are read', async () => {
  await program('speak', 'echo "$LC_ALL $DEBIAN_FRONTEND"')
  expect(await machine.run('speak', [])).toMatchObject({ output: 'C noninteractive' })
})

test('behind sudo they still do, and nobody waits for a password that nobody can type', () => {
  const words = ['env', 'LC_ALL=C', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'update']
  expect(withSudo(['apt-get', 'update'], false)).toEqual(['sudo', '-n', '--', ...words])
  expect(withSudo(['apt-get', 'update'], true)).toEqual(['sudo', '--', ...words])
})

test('without an init, dockerd runs on by itself, its words in a log, until it answers', async () => {
  const log = join(folder, 'state/dockerd.log')
  await program(
    'dockerd',
    `echo "$$" >"${folder}/pid"; echo starting; sleep 0.3; touch "${folder}/up"; exec sleep 60`,
  )
  await program('docker', `test -e "${folder}/up" && echo 20.10.24`)
  const alone: Machine = {
    ...machine,
    platform: 'linux',
    exists: async () => false,
    read: async (path) => (path === '/proc/1/comm' ? 'something\n' : machine.read(path)),
    run: (command, args, options) => machine.run(command, args, { ...options, asRoot: false }),
  }
  await startDocker(alone, log)
  const pid = Number(await readFile(join(folder, 'pid'), 'utf8'))
  try {
    expect(await readFile(log, 'utf8')).toBe('starting\n')
    await sleep(50)
    expect(() => process.kill(pid, 0)).not.toThrow()
  } finally {
    process.kill(pid)
  }
})
