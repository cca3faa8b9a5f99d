/** The terminal sessions live in: a tmux server of our own, one tmux session with one pane for each session. */
import { rmSync } from 'node:fs'
import type { Terminal } from '../../server/ports.ts'
import type { SessionId } from '../../server/protocol.ts'
import { ContainerError } from '../errors.ts'
import type { Pane, Panes } from '../session/panes.ts'
import { listPanes } from './pane-list.ts'
import { createPaneWatch, type WatchOptions } from './pane-watch.ts'
import { createPresser } from './presser.ts'
import { NO_PANE, OWN_ABSENCE, type Refused, refused } from './refusals.ts'
import { tellIn } from './teller.ts'
import { createTmux } from './tmux.ts'
import { createTypist } from './typist.ts'

type Options = {
  /** Name of the tmux server, as in tmux -L. */
  socketName: string
  /** Begins the name of every tmux session of ours. */
  prefix: string
} & WatchOptions

/** Panes and keystrokes on the tmux server `-L socketName`; the user's own servers are never touched. */
export function createTerminal({ socketName, prefix, ...watching }: Options): Panes & Terminal {
  const tmux = createTmux(socketName)
  const watch = createPaneWatch(tmux, watching)
  const typist = createTypist(tmux, watch, { ...OWN_ABSENCE, escapesFirst: true })
  const presser = createPresser(tmux, watch)

  const panes = () => listPanes(tmux)

  async function paneOf(id: SessionId): Promise<Pane | undefined> {
    return (await panes()).find((pane) => pane.session === id)
  }

  return {
    panes,

    async openPane({ session, argv, cwd }) {
      const name = `${prefix}-${session.name}`
      const { ok, problem } = await tmux.run(
        [
          ['start-server'],
          ...SETTINGS.map((setting) => ['set-option', '-q', ...setting]),
          ['bind-key', '-n', 'C-z', 'if-shell', '-F', '#{@rc_pane}', NO_SUSPEND, 'send-keys C-z'],
          ['new-session', '-d', '-s', name, '-x', '160', '-y', '50', '--', ...argv],
          ['set-option', '-t', `=${name}:`, '@rc_session', session.id],
          ['set-option', '-t', `=${name}:`, 'status-left', ` ${session.name} `],
          // On the pane itself: a pane that the user splits off is in the session, but is not Claude's.
          ['set-option', '-p', '-t', `=${name}:`, '@rc_pane', session.id],
        ],
        // Not -c: tmux would expand #(…) in the name of a folder, and run it.
        { cwd },
      )
      if (ok) return
      const isTaken = problem.startsWith('duplicate session')
      throw new ContainerError(
        isTaken ? 'pane-exists' : 'pane-not-opened',
        `The pane ${name} could not be opened: ${problem}.`,
        `Look at it with tmux -L ${socketName} attach -t ${name}, or end the session with rc kill ${session.name}.`,
      )
    },

    async closePane(id) {
      const pane = await paneOf(id)
      if (pane === undefined) return
      const { text } = await tmux.run([
        ['display-message', '-p', '#{socket_path}'],
        ['kill-session', '-t', `=${pane.tmuxSession}`],
      ])
      // tmux ends with its last session, but leaves its socket behind.
      if (!(await tmux.run([['list-sessions']])).ok) rmSync(text.trim(), { force: true })
    },

    attachArgv: (name) => tmux.argv('attach-session', '-t', `=${prefix}-${name}`),

    async capture(id) {
      const pane = await paneOf(id)
      if (pane === undefined) return null
      const { ok, text } = await tmux.run([['capture-pane', '-p', '-t', pane.paneId]])
      return ok ? text : null
    },

    async history(id) {
      const pane = await paneOf(id)
      if (pane === undefined) return null
      // -J: a long line is one, wherever the pane has broken it.
      const { ok, text } = await tmux.run([['capture-pane', '-p', '-J', '-S', '-', '-t', pane.paneId]])
      return ok ? text : null
    },

    async typeInto(id, text, options) {
      const pane = await paneOf(id)
      if (pane === undefined || pane.dead) return NO_PANE
      return await orRefused(typist.type(pane.paneId, text, options))
    },

    async read(id) {
      const pane = await paneOf(id)
      return pane === undefined ? null : await presser.read(pane.paneId)
    },

    async whyNotRead(id) {
      const pane = await paneOf(id)
      return (
        (pane === undefined || pane.dead ? NO_PANE : await presser.whyNotRead(pane.paneId))?.message ?? null
      )
    },

    async press(id, given) {
      const pane = await paneOf(id)
      if (pane === undefined || pane.dead) return NO_PANE
      return await orRefused(presser.press(pane.paneId, given))
    },

    async escape(id) {
      const pane = await paneOf(id)
      return pane === undefined || pane.dead ? NO_PANE : await orRefused(presser.escape(pane.paneId))
    },

    async tell(id, line) {
      const pane = await paneOf(id).catch(() => undefined)
      if (pane !== undefined) await tellIn(tmux, pane.tmuxSession, line).catch(() => {})
    },

    async keyboardAt(id) {
      const pane = await paneOf(id)
      if (pane === undefined) return null
      // A key of a person and attaching count, keys of send-keys and a new size do not (3.3a).
      const { ok, text } = await tmux.run([
        ['list-clients', '-t', `=${pane.tmuxSession}`, '-F', '#{client_activity}'],
      ])
      if (!ok) return null
      const seconds = text.split('\n').flatMap((line) => (/^\d+$/.test(line) ? [Number(line)] : []))
      return {
        attached: seconds.length > 0,
        // tmux counts in whole seconds, and the key may have come at the end of one.
        lastKeyAt: seconds.length > 0 ? Math.max(...seconds) * 1_000 + 999 : null,
      }
    },
  }
}

/** What tmux did not answer to was not done for all that we know; a person is told so. */
async function orRefused<T>(work: Promise<T>): Promise<T | Refused> {
  try {
    return await work
  } catch (error) {
    if (error instanceof ContainerError) return refused(error.code, error.message, error.remedy)
    throw error
  }
}

/** Ctrl-Z makes Claude Code (2.1.330) stop itself, and in a container there is no shell to wake it. */
const NO_SUSPEND =
  'display-message "Ctrl-Z would stop Claude for good. C-b d leaves the pane, Claude goes on."'

/**
 * What a session takes over from whoever opens or attaches to it, where a server has the environment of its first start:
 * the ways to keys, logins and out of here, for a restart in the pane (`container/terminal/pane.sh`).
 */
const FROM_CLIENTS = [
  ...['SSH_AUTH_SOCK', 'SSH_AGENT_PID', 'DISPLAY', 'XAUTHORITY', 'GH_TOKEN', 'GITHUB_TOKEN'],
  ...['CLAUDE_CODE_OAUTH_TOKEN', 'ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_BASE_URL'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'],
]

/**
 * Set whenever a session opens, before its pane: the server may be older than this version of ours. `-q`, because an
 * older tmux does not know all of them. The agent owns what the pane's program prints, so that gets no clipboard, no
 * way through to the user's terminal, and no title.
 */
const SETTINGS: readonly string[][] = [
  ['-g', 'update-environment', FROM_CLIENTS.join(' ')],
  ['-s', 'set-clipboard', 'external'],
  ['-s', 'escape-time', '10'],
  ['-s', 'focus-events', 'on'],
  ['-s', 'default-terminal', 'screen-256color'],
  ['-g', 'allow-passthrough', 'off'],
  ['-g', 'allow-rename', 'off'],
  ['-g', 'allow-set-title', 'off'],
  ['-g', 'automatic-rename', 'off'],
  ['-g', 'set-titles', 'off'],
  ['-g', 'mouse', 'on'],
  ['-g', 'history-limit', '50000'],
  ['-g', 'window-size', 'latest'],
  ['-g', 'status-left-length', '60'],
  ['-g', 'status-right', ' C-b d leaves, C-b [ scrolls '],
  ['-g', 'window-status-current-format', ''],
]
