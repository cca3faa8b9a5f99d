import { chownSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import {
  LOOKALIKE,
  openServer,
  openTerminal,
  SESSION,
  type Server,
} from '../../../unit/container/foreign/world.ts'

const refused = (code: string) => ({
  status: 'refused',
  code,
  message: expect.stringMatching(/\.$/),
  remedy: expect.stringMatching(/\.$/),
})

describe('a reply', () => {
  test('goes to the Claude that is meant, and to no other pane of its server', async () => {
    await using server = await openServer()
    const one = await server.openClaude('one')
    const two = await server.openClaude('two')
    expect(await openTerminal(server.at(two.pid, two.pane)).type('hello')).toEqual({ status: 'typed' })
    expect(await openTerminal(server.at(one.pid, one.pane)).type('and you')).toEqual({ status: 'typed' })
    expect([server.sent('one'), server.sent('two')]).toEqual([['and you'], ['hello']])
  })

  test('goes to the right server where two have a pane of the same name', async () => {
    await using server = await openServer()
    await using other = await openServer()
    const here = await server.openClaude('here')
    const there = await other.openClaude('there')
    expect(here.pane).toBe(there.pane)
    expect(await openTerminal(other.at(there.pid, there.pane)).type('hello')).toEqual({ status: 'typed' })
    expect([server.sent('here'), other.sent('there')]).toEqual([[], ['hello']])
  })

  test('goes to one that a person has started in a shell', async () => {
    await using server = await openServer()
    const { pid, pane } = await server.openClaudeInShell('a')
    expect(await openTerminal(server.at(pid, pane)).type('two\nlines')).toEqual({ status: 'typed' })
    expect(server.sent('a')).toEqual(['two\nlines'])
  })

  test('goes by the name of the program where no process is told', async () => {
    await using server = await openServer()
    const named = await server.openClaude('named', 'idle', join(server.folder, 'claude'))
    const other = await server.openClaude('other')
    expect(await openTerminal(server.at(null, named.pane)).type('hello')).toEqual({ status: 'typed' })
    expect(await openTerminal(server.at(null, other.pane)).type('hello')).toEqual(
      refused('claude-not-running'),
    )
    expect(server.sent('other')).toEqual([])
  })

  test('does not mix with another one that comes at the same moment', async () => {
    await using server = await openServer()
    const { pid, pane } = await server.openClaude('a')
    const terminal = openTerminal(server.at(pid, pane))
    const results = await Promise.all([terminal.type('x'.repeat(120)), terminal.type('y'.repeat(120))])
    expect(results.map(({ status }) => status).sort()).toEqual(['refused', 'typed'])
    expect(server.sent('a')).toEqual([expect.stringMatching(/^(?:x{120}|y{120})$/)])
  })
})

describe('nothing is typed and nothing shown', () => {
  /** Tries everything, and looks whether the pane has noticed. */
  async function expectUntouched(server: Server, place: ReturnType<Server['at']>, code: string) {
    const pane = place.tmux?.pane ?? ''
    const before = await server.screen(pane)
    const terminal = openTerminal(place, undefined, 200)
    expect(await terminal.type('touch marker')).toEqual(refused(code))
    expect(await terminal.press('0'.repeat(64), 'Enter')).toEqual(refused(code))
    expect(await terminal.read()).toBeNull()
    expect(await terminal.capture()).toBeNull()
    expect(await server.screen(pane)).toBe(before)
  }

  test('where Claude has ended and a shell is there, whatever its screen looks like', async () => {
    await using server = await openServer()
    const { pid } = await server.open('true')
    const { pane } = await server.open('sh', '-c', `printf '${LOOKALIKE}'; PS1= exec sh`)
    await server.shows(pane, 'for shortcuts')
    await expectUntouched(server, server.at(pid, pane), 'claude-not-running')
  })

  test('where Claude is suspended and its shell is there', async () => {
    await using server = await openServer()
    const { pid, pane } = await server.openClaudeInShell('a')
    process.kill(pid, 'SIGTSTP')
    await server.shows(pane, 'here>')
    await expectUntouched(server, server.at(pid, pane), 'claude-not-running')
  })

  test('where Claude is stopped and nobody has taken its place', async () => {
    await using server = await openServer()
    const { pid, pane } = await server.openClaudeInScript('a')
    process.kill(pid, 'SIGSTOP')
    await vi.waitFor(() => expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) T /))
    await expectUntouched(server, server.at(pid, pane), 'claude-not-running')
    process.kill(pid, 'SIGCONT')
    expect(await openTerminal(server.at(pid, pane)).type('again')).toEqual({ status: 'typed' })
    expect(server.sent('a')).toEqual(['again'])
  })

  test('where another program of the same shell is in front', async () => {
    await using server = await openServer()
    const { pid, pane } = await server.openClaudeInShell('a')
    process.kill(pid, 'SIGTSTP')
    await server.shows(pane, 'here>')
    await server.tmux('send-keys', '-t', pane, '-l', `clear; printf '${LOOKALIKE}'; cat`)
    await server.tmux('send-keys', '-t', pane, 'Enter')
    const inFront = () => server.tmux('display-message', '-p', '-t', pane, '#{pane_current_command}')
    await vi.waitFor(async () => expect((await inFront()).trim()).toBe('cat'))
    await server.shows(pane, 'for shortcuts\n')
    await expectUntouched(server, server.at(pid, pane), 'claude-not-running')
  })

  test('where the process is that of another pane', async () => {
    await using server = await openServer()
    const one = await server.openClaude('one')
    const two = await server.openClaude('two')
    await expectUntouched(server, server.at(one.pid, two.pane), 'claude-not-running')
    await expectUntouched(server, server.at(process.pid, two.pane), 'claude-not-running')
    expect([server.sent('one'), server.sent('two')]).toEqual([[], []])
  })

  test('where keys would go to other panes too', async () => {
    await using server = await openServer()
    const { pid, pane } = await server.openClaude('a')
    await server.tmux('split-window', '-d', '-t', pane, 'cat')
    await server.tmux('set-option', '-w', '-t', pane, 'synchronize-panes', 'on')
    await expectUntouched(server, server.at(pid, pane), 'panes-synchronized')
    await server.tmux('set-option', '-w', '-t', pane, 'synchronize-panes', 'off')
    expect(await openTerminal(server.at(pid, pane)).type('hello')).toEqual({ status: 'typed' })
  })

  test('where the pane is dead, or gone', async () => {
    await using server = await openServer()
    const { pid, pane } = await server.openClaude('a')
    process.kill(pid, 'SIGKILL')
    await expect.poll(() => server.tmux('display-message', '-p', '-t', pane, '#{pane_dead}')).toBe('1')
    await expectUntouched(server, server.at(pid, pane), 'no-pane')
    await server.tmux('kill-pane', '-t', pane)
    expect(await openTerminal(server.at(pid, pane)).type('hello')).toEqual(refused('no-pane'))
  })
})

describe('a server', () => {
  test('that is gone is missed, with its socket or without, and none is started in its place', async () => {
    await using server = await openServer()
    const { pid, pane } = await server.openClaude('a')
    await server.tmux('kill-server')
    const terminal = openTerminal(server.at(pid, pane))
    await expect.poll(() => terminal.type('hello')).toEqual(refused('no-tmux-server'))
    const nowhere = { socket: join(server.folder, 'none.sock'), pane }
    expect(await openTerminal({ container: null, pid, tmux: nowhere }).type('hello')).toEqual(
      refused('no-tmux-server'),
    )
    expect(existsSync(nowhere.socket)).toBe(false)
    expect(await server.isAlive()).toBe(false)
  })

  test('is not looked for behind anything but a socket of our own', async () => {
    await using server = await openServer()
    const { pid, pane } = await server.openClaude('a')
    const link = join(server.folder, 'link.sock')
    symlinkSync(server.socket, link)
    const file = join(server.folder, 'file.sock')
    writeFileSync(file, '')
    for (const socket of [link, file, server.folder, '/dev/null'])
      expect(await openTerminal({ container: null, pid, tmux: { socket, pane } }).type('x')).toEqual(
        refused('socket-not-ours'),
      )
    expect(server.sent('a')).toEqual([])
  })

  test.runIf(process.getuid?.() === 0)('is not looked for behind the socket of another user', async () => {
    await using server = await openServer()
    const { pid, pane } = await server.openClaude('a')
    chownSync(server.socket, 4242, 4242)
    expect(await openTerminal(server.at(pid, pane)).type('x')).toEqual(refused('socket-not-ours'))
    chownSync(server.socket, 0, 0)
    expect(server.sent('a')).toEqual([])
  })

  test('that speaks no tmux is named as the trouble', async () => {
    await using server = await openServer()
    const socket = join(server.folder, 'other.sock')
    const other = createServer((stream) => stream.on('error', () => {}).end('hello'))
    await new Promise<void>((resolve) => other.listen(socket, resolve))
    const result = await openTerminal({ container: null, pid: null, tmux: { socket, pane: '%0' } }).type('x')
    other.close()
    expect(result).toMatchObject({ status: 'refused', message: expect.stringMatching(/tmux server/) })
  })

  test('needs tmux on this machine', async () => {
    await using server = await openServer()
    vi.stubEnv('PATH', server.folder)
    const result = await openTerminal(server.at(1, '%0')).type('x')
    vi.unstubAllEnvs()
    expect(result).toEqual(refused('tmux-missing'))
  })
})

test.each([
  ['-L x', '%1'],
  ['; kill-server', '%1'],
  ['tmux.sock', '%1'],
  ['/tmp/a\nb', '%1'],
  ['/tmp/a\u001b[2J', '%1'],
  ['', '%1'],
  [null, '%1;kill-server'],
  [null, '%1; kill-server'],
  [null, '%1\n'],
  [null, '=rc-a:'],
  [null, '-a'],
  [null, '{last}'],
  [null, ''],
])('a socket %j and a pane %j are never handed to tmux', async (socket, pane) => {
  await using server = await openServer()
  const ran: string[][] = []
  for (const container of [null, { id: 'c', user: 'u' }]) {
    const place = { container, pid: null, tmux: { socket: socket ?? server.socket, pane } }
    const terminal = openTerminal(place, async (_, argv) => {
      ran.push(argv)
      return { ok: true, text: '', problem: '' }
    })
    expect(await terminal.type('x')).toEqual(refused('bad-place'))
    expect(terminal.whyNotTyped?.(SESSION)).toMatch(/cannot be right/)
  }
  expect(ran).toEqual([])
  expect(await server.isAlive()).toBe(true)
})

describe('a dialog', () => {
  test('is shown and answered', async () => {
    await using server = await openServer()
    const { pid, pane } = await server.openClaude('a', 'menu')
    const terminal = openTerminal(server.at(pid, pane))
    const view = await terminal.read()
    expect(view?.question).toBe('Do you trust it?')
    expect(await terminal.capture()).toMatch(/❯ No, exit\n/)
    expect(await terminal.press(view?.digest ?? '', '#2')).toEqual({ status: 'pressed', isGone: true })
    expect(server.sent('a')).toEqual(['Yes, I trust this folder'])
  })

  test('that another one has taken the place of is not answered', async () => {
    await using server = await openServer()
    const { pid, pane } = await server.openClaude('a', 'hurried')
    const terminal = openTerminal(server.at(pid, pane))
    const view = await terminal.read()
    expect(await terminal.press(view?.digest ?? '', '#3')).toEqual(refused('screen-changed'))
    expect(server.sent('a')).toEqual([])
  })
})
