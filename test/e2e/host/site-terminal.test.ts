/** Replies typed for a Claude Code that somebody has started on this machine, in a tmux server of their own. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type ScriptedModel, startScriptedModel } from '../../../bin/demo/scripted-model.ts'
import { startHostClaude as startProgram } from '../../../bin/doctor/claude/host-claude.ts'
import { createForeignTerminal } from '../../../container/foreign/terminal.ts'
import type { SessionId } from '../../../server/protocol.ts'
import { claudeBinary, NEWEST, OLDEST } from '../claude-binary.ts'
import type { HostClaude } from '../host-claude.ts'
import { until } from '../until.ts'

const SESSION = 'somebodys000' as SessionId

let folder: string
let model: ScriptedModel
let claude: HostClaude
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rcs-'))
  model = await startScriptedModel({ scripts: { hello: [{ text: 'Good morning.' }] } })
})
afterEach(() => claude.stop())
afterAll(async () => {
  await model.close()
  await rm(folder, { recursive: true, force: true })
})

/** Starts Claude by the script that `wrap` writes, and gives the terminal for it with what tmux calls the program in front. */
async function start(version: string, wrap: (binary: string) => string) {
  const binary = await claudeBinary(version)
  const program = join(folder, 'start')
  await writeFile(program, wrap(binary))
  await chmod(program, 0o755)
  claude = await startProgram({ program, modelUrl: model.url, settings: {} })
  const said = await tmux(
    'display-message',
    '-p',
    '#{socket_path} #{pane_id} #{pane_tty} #{pane_current_command}',
  )
  const [socket = '', pane = '', tty = '', name] = said.split(' ')
  const pid = await processOf(binary, tty)
  const terminal = createForeignTerminal({
    placeOf: () => ({ container: null, pid, tmux: { socket, pane } }),
    runIn: async () => ({ ok: false, text: '', problem: '' }),
  })
  const type = (words: string) => terminal.typeInto(SESSION, words, { asCommand: false })
  return { terminal, type, name }
}

const tmux = async (...words: string[]) => (await execa('tmux', ['-L', claude.socket, ...words])).stdout

/** Claude's own process at a terminal, as its hooks are told it in CLAUDE_PID. */
async function processOf(binary: string, tty: string): Promise<number> {
  const { stdout } = await execa('ps', ['-o', 'pid=,args=', '-t', tty.replace('/dev/', '')])
  const line = stdout.split('\n').find((one) => one.trim().split(/\s+/)[1] === binary)
  return Number(line?.trim().split(' ')[0])
}

describe.each([NEWEST, OLDEST])('Claude Code %s', (version) => {
  test('behind a script of Node is node to tmux, and gets a reply', async () => {
    const { type, terminal, name } = await start(
      version,
      (binary) =>
        `#!${process.execPath}\nrequire('node:child_process').spawnSync('${binary}', process.argv.slice(2), { stdio: 'inherit' })\n`,
    )
    expect(name).toBe('node')
    expect(await type('hello')).toEqual({ status: 'typed' })
    await claude.shows(/Good morning\./)
    expect(await terminal.capture(SESSION)).toContain('Good morning.')
  })

  test('that a person has suspended gets nothing until it goes on', async () => {
    const { type, terminal, name } = await start(
      version,
      (binary) => `#!/bin/bash\nset -m\n${binary} "$@"\nread -r -p 'Your turn> ' _\nfg\n`,
    )
    expect(name).toBe('claude')
    await claude.press('C-z')
    await claude.shows(/Your turn>/)
    expect(await type('hello')).toMatchObject({ status: 'refused', code: 'claude-not-running' })
    expect(await terminal.capture(SESSION)).toBeNull()
    await claude.press('Enter')
    await until('the reply to be typed', async () => (await type('hello')).status === 'typed')
    await claude.shows(/Good morning\./)
  })
})
