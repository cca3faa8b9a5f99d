/** The terminal sessions live in: a tmux server of our own, one tmux session with one pane for each session. */
import { execa } from 'execa'
import type { Terminal } from '../server/ports.ts'
import type { SessionId } from '../server/protocol.ts'
import { readScreen } from './dialogs.ts'
import { ContainerError } from './errors.ts'
import type { Pane, Panes } from './panes-port.ts'
import { toKeystrokes } from './typing.ts'

type Options = { socketName: string; prefix: string }

/** Panes and keystrokes on the tmux server `-L socketName`; the user's own servers are never touched. */
export function createTerminal({ socketName, prefix }: Options): Panes & Terminal {
  const server = ['-L', socketName, '-f', '/dev/null']

  async function tmux(...args: string[]): Promise<{ code: number; text: string; problem: string }> {
    const done = await execa('tmux', [...server, ...args], { reject: false, stripFinalNewline: false })
    if (done.code === 'ENOENT') {
      throw new ContainerError('tmux-missing', 'tmux is not installed.', 'Install it: apt-get install tmux')
    }
    return { code: done.exitCode ?? 1, text: done.stdout, problem: done.stderr.trim() }
  }

  async function panes(): Promise<Pane[]> {
    const { code, text } = await tmux('list-panes', '-a', '-F', FORMAT)
    if (code !== 0) return []
    return text.split('\n').flatMap(parsePane)
  }

  async function paneOf(id: SessionId): Promise<Pane | undefined> {
    return (await panes()).find((pane) => pane.session === id)
  }

  return {
    panes,

    async openPane({ session, argv, cwd }) {
      const name = `${prefix}-${session.name}`
      const { code, problem } = await tmux(
        ...['new-session', '-d', '-s', name, '-c', cwd, '-x', '160', '-y', '50', '--', ...argv],
        ...SETTINGS.flatMap((setting) => [';', 'set-option', ...setting]),
        ...[';', 'set-option', '-t', `=${name}:`, '@rc_session', session.id],
        ...[';', 'set-option', '-t', `=${name}:`, 'status-left', `[${session.name}] `],
      )
      if (code === 0) return
      throw new ContainerError(
        'pane-not-opened',
        `The pane ${name} could not be opened: ${problem}.`,
        `Look at tmux -L ${socketName} ls; rc kill ${session.name} clears what is left.`,
      )
    },

    async closePane(id) {
      const pane = await paneOf(id)
      if (pane !== undefined) await tmux('kill-session', '-t', `=${pane.tmuxSession}`)
    },

    attachArgv: (name) => ['tmux', ...server, 'attach-session', '-t', `=${prefix}-${name}`],

    async capture(id) {
      const pane = await paneOf(id)
      return pane === undefined ? null : (await tmux('capture-pane', '-p', '-t', pane.paneId)).text
    },

    async typeInto(id, text, { asCommand }) {
      const pane = await paneOf(id)
      if (pane === undefined) return refused('no-pane', 'the session has no pane', 'Open one: rc attach')
      const command = await tmux('display-message', '-p', '-t', pane.paneId, '#{pane_current_command}')
      if (command.text.trim() !== 'docker') {
        return refused('claude-not-running', 'Claude does not run in the pane', 'Start it again: rc restart')
      }
      const screen = readScreen((await tmux('capture-pane', '-p', '-e', '-t', pane.paneId)).text)
      if (screen.kind !== 'idle') {
        return refused(
          'claude-not-idle',
          `Claude is not waiting for a prompt (${screen.kind})`,
          'Look: rc attach',
        )
      }
      if (screen.draft !== '') {
        return refused('draft', 'somebody has begun to type in the pane', 'Finish or clear it: rc attach')
      }
      for (const chunk of toKeystrokes(text, { asCommand })) {
        await tmux('send-keys', '-t', pane.paneId, '-l', '--', quoted(chunk))
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_CHUNKS_MS))
      }
      await tmux('send-keys', '-t', pane.paneId, 'Enter')
      return { status: 'typed' }
    },
  }
}

/** A bulk of 900 characters reaches Claude 2.1.330 as pasted content; chunks with pauses stay typed text. */
const BETWEEN_CHUNKS_MS = 30

const FORMAT = '#{@rc_session}\t#{session_name}\t#{pane_id}\t#{pane_dead}\t#{session_attached}'

/**
 * Set with every new session: the server may be older than this version. The agent owns what the pane's program
 * prints, so it gets no clipboard, no pass-through and no title.
 */
const SETTINGS: readonly string[][] = [
  ['-g', 'mouse', 'on'],
  ['-g', 'history-limit', '50000'],
  ['-g', 'status-right', ''],
  ['-g', 'allow-rename', 'off'],
  ['-g', 'automatic-rename', 'off'],
  ['-g', 'set-titles', 'off'],
  ['-g', 'allow-passthrough', 'off'],
  ['-g', 'window-size', 'latest'],
  ['-s', 'set-clipboard', 'off'],
  ['-s', 'escape-time', '10'],
  ['-s', 'focus-events', 'on'],
]

function parsePane(line: string): Pane[] {
  const [session = '', tmuxSession = '', paneId = '', dead, attached] = line.split('\t')
  if (session === '') return []
  return [
    { session: session as SessionId, tmuxSession, paneId, dead: dead === '1', attached: attached !== '0' },
  ]
}

/** tmux takes a semicolon at the end of an argument for the end of its command. */
function quoted(text: string): string {
  return text.replace(/;$/, '\\;')
}

function refused(code: string, message: string, remedy: string) {
  return { status: 'refused' as const, code, message, remedy }
}
