/** A tmux server that somebody else has started, with programs in it that stand for Claude. */
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { expect } from 'vitest'
import type { RunIn } from '../../../../container/foreign/reach.ts'
import { createForeignTerminal, type ForeignPlace } from '../../../../container/foreign/terminal.ts'
import type { SessionId } from '../../../../server/protocol.ts'

const FAKE = fileURLToPath(new URL('../../../fixtures/fake-claude.mjs', import.meta.url))
const RULE = '─'.repeat(60)
export const SESSION = 'somebodys000' as SessionId

/** What an idle Claude shows, for a shell to print that is none. */
export const LOOKALIKE = `${RULE}\n❯\u00a0\n${RULE}\n  ? for shortcuts\n`

/** The terminal under test, for one session at a place that may be changed. */
export function openTerminal(
  place: ForeignPlace | null,
  runIn: RunIn = async () => failed,
  patienceMs = 3_000,
) {
  const terminal = createForeignTerminal({ placeOf: () => place, runIn, patienceMs })
  return {
    ...terminal,
    type: (text: string) => terminal.typeInto(SESSION, text, { asCommand: false }),
    capture: () => terminal.capture(SESSION),
    read: () => terminal.read(SESSION),
    press: (digest: string, key: string) => terminal.press(SESSION, { digest, key }),
  }
}
const failed = { ok: false, text: '', problem: 'there is no container' }

export type Server = Awaited<ReturnType<typeof openServer>>

/** A real server with a configuration of its own, and one pane in which nothing happens. */
export async function openServer() {
  const folder = mkdtempSync(join(tmpdir(), 'site-'))
  const socket = join(folder, 'tmux.sock')
  writeFileSync(
    join(folder, 'tmux.conf'),
    'set -g remain-on-exit on\nset -g prefix C-a\nset -g history-limit 10\n',
  )
  // What stands for Claude in a container is known by its name.
  symlinkSync(process.execPath, join(folder, 'claude'))
  const tmux = async (...words: string[]) =>
    (await execa('tmux', ['-u', '-S', socket, ...words], { reject: false })).stdout
  await tmux('-f', join(folder, 'tmux.conf'), 'new-session', '-d', '-x', '160', '-y', '50', 'sleep', '600')

  const logOf = (name: string) => join(folder, `log-${name}`)
  const claudeLine = (name: string) => `'${process.execPath}' '${FAKE}' '${logOf(name)}'`
  const screen = (pane: string) => tmux('capture-pane', '-p', '-t', pane)
  const shows = (pane: string, text: string) =>
    expect.poll(() => screen(pane), { timeout: 5_000, interval: 20 }).toContain(text)
  /** A new pane with a program in it, and that program's process. */
  const open = async (...argv: string[]) => {
    const said = await tmux('new-window', '-d', '-P', '-F', '#{pane_id} #{pane_pid}', ...argv)
    const [pane = '', pid] = said.split(' ')
    return { pane, pid: Number(pid) }
  }
  return {
    folder,
    socket,
    tmux,
    screen,
    shows,
    open,
    openClaude: async (name: string, mode = 'idle', program = process.execPath) => {
      const opened = await open(program, FAKE, logOf(name), mode)
      await shows(opened.pane, '─────')
      return opened
    },
    /** As a person starts it: in a shell that takes the terminal back when Claude stops. Gives Claude's own process. */
    openClaudeInShell: async (name: string) => {
      const { pane, pid: shell } = await open('env', 'PS1=here> ', 'bash', '--norc', '-i')
      await tmux('send-keys', '-t', pane, '-l', claudeLine(name))
      await tmux('send-keys', '-t', pane, 'Enter')
      await shows(pane, 'for shortcuts')
      return { pane, pid: childOf(shell) }
    },
    /** As a script starts it that waits for it to end, in the same group of processes. */
    openClaudeInScript: async (name: string) => {
      const { pane, pid: script } = await open('sh', '-c', `${claudeLine(name)}; true`)
      await shows(pane, 'for shortcuts')
      return { pane, pid: childOf(script) }
    },
    at: (pid: number | null, pane: string): ForeignPlace => ({
      container: null,
      pid,
      tmux: { socket, pane },
    }),
    /** The prompts that were sent to the Claude of that name, oldest first. */
    sent: (name: string): string[] =>
      existsSync(logOf(name))
        ? readFileSync(logOf(name), 'utf8')
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line))
        : [],
    isAlive: async () => (await tmux('list-sessions')) !== '',
    async [Symbol.asyncDispose]() {
      await tmux('kill-server')
      rmSync(folder, { recursive: true })
    },
  }
}

function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'))
}
