/** The terminal for a Claude in somebody's container; the engine is played by this machine. */
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { ContainerError } from '../../../../container/errors.ts'
import type { RunIn } from '../../../../container/foreign/reach.ts'
import { openServer, openTerminal } from '../../../unit/container/foreign/world.ts'

const CONTAINER = { id: '0123456789ab', user: 'node' }

/** Runs what should be run in the container here, and keeps what was asked for. */
function playEngine() {
  const ran: { container: typeof CONTAINER; argv: string[] }[] = []
  const runIn: RunIn = async (container, argv) => {
    ran.push({ container, argv })
    const [program = '', ...args] = argv
    const { exitCode, stdout, stderr } = await execa(program, args, {
      reject: false,
      stripFinalNewline: false,
    })
    return { ok: exitCode === 0, text: stdout, problem: stderr.trim() }
  }
  return { ran, runIn }
}

test('all that is done for it is done in its container, as its user, at its socket', async () => {
  await using server = await openServer()
  const { pane } = await server.openClaude('a', 'idle', join(server.folder, 'claude'))
  const { ran, runIn } = playEngine()
  const place = { container: CONTAINER, pid: 1, tmux: { socket: server.socket, pane } }
  expect(await openTerminal(place, runIn).type('hello; $(id)')).toEqual({ status: 'typed' })
  // The space keeps Enter from choosing from a menu of Claude's.
  expect(server.sent('a')).toEqual(['hello; $(id) '])
  for (const { container, argv } of ran) {
    expect(container).toEqual(CONTAINER)
    expect(argv.slice(0, 4)).toEqual(['tmux', '-u', '-S', server.socket])
  }
})

test('a program of another name than claude gets nothing, whatever process is told', async () => {
  await using server = await openServer()
  const { pid, pane } = await server.openClaude('a')
  const place = { container: CONTAINER, pid, tmux: { socket: server.socket, pane } }
  const terminal = openTerminal(place, playEngine().runIn)
  expect(await terminal.type('hello')).toMatchObject({ status: 'refused', code: 'claude-not-running' })
  expect(server.sent('a')).toEqual([])
})

test.each([
  ['error connecting to /tmp/tmux-0/default (No such file or directory)', 'no-tmux-server'],
  ['no server running on /tmp/tmux-0/default', 'no-tmux-server'],
  [
    'OCI runtime exec failed: exec failed: unable to start container process: exec: "tmux": executable file not found in $PATH: unknown',
    'tmux-missing',
  ],
  ['protocol version mismatch (client 8, server 7)', 'tmux-failed'],
])('%j is made a sentence', async (problem, code) => {
  const place = { container: CONTAINER, pid: 1, tmux: { socket: '/tmp/tmux-0/default', pane: '%0' } }
  const terminal = openTerminal(place, async () => ({ ok: false, text: '', problem }))
  expect(await terminal.type('hello')).toMatchObject({ status: 'refused', code })
  expect(await terminal.capture()).toBeNull()
})

test('a container that does not run is named as the reason, and its screen is none', async () => {
  const place = { container: CONTAINER, pid: 1, tmux: { socket: '/tmp/tmux-0/default', pane: '%0' } }
  const terminal = openTerminal(place, async () => {
    throw new ContainerError('container-stopped', 'It is stopped.', 'Start it.')
  })
  expect(await terminal.type('x')).toEqual({
    status: 'refused',
    code: 'container-stopped',
    message: 'It is stopped.',
    remedy: 'Start it.',
  })
  expect(await terminal.read()).toBeNull()
})
