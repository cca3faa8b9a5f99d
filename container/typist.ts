/**
 * Types a prompt into Claude, and into nothing else.
 *
 *   look: right program, idle, nothing typed ─ no ─► refused, nothing typed
 *     │ yes
 *   type a chunk, look again, …          ─ not idle ─► refused
 *     │
 *   look: the box shows the text          ─ no ──────► clear it, refused
 *     │ yes
 *   press Enter, look: the box is empty   ─ no ──────► clear it, refused
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { TypeResult } from '../server/ports.ts'
import { readScreen, type Screen } from './dialogs.ts'
import type { Tmux } from './tmux.ts'
import { isDraftOf, toKeystrokes } from './typing.ts'

type Refused = Extract<TypeResult, { status: 'refused' }>
type Idle = Extract<Screen, { kind: 'idle' }>

/** The foreground program of a pane that shows a container's Claude. */
const CLIENTS = ['docker', 'podman']

/** Claude 2.1.330 takes keys that come without a pause for a paste. */
const BETWEEN_CHUNKS_MS = 30
const BETWEEN_LOOKS_MS = 50
/** A turn's end and its last redraw lie a moment apart; so do a key and its sight. */
const PATIENCE_MS = 3_000

export const NO_PANE = refused('no-pane', 'The session has no open pane.', 'Open one with rc attach.')
const NOT_RUNNING = refused(
  'claude-not-running',
  'Claude does not run in the pane of the session.',
  'Start it again with rc restart.',
)
const BUSY = refused('claude-not-idle', 'Claude works and waits for no prompt.', 'Try again when it is done.')
const DIALOG = refused(
  'claude-not-idle',
  'Claude asks something and waits for no prompt.',
  'Answer that first.',
)
const UNKNOWN = refused(
  'claude-not-idle',
  'The pane of the session does not show the prompt of Claude.',
  'Look at it with rc attach.',
)
const DRAFT = refused(
  'draft',
  'Somebody has begun to type a prompt in the pane of the session.',
  'Send or clear it with rc attach, then try again.',
)
const TYPING = refused('typing', 'Another reply is just being typed.', 'Try again in a moment.')
const EMPTY = refused('empty', 'Nothing is left to type but spaces.', 'Write a reply.')
const NOT_ARRIVED = refused(
  'not-arrived',
  'What was typed did not stand in the prompt of Claude as it should, so it was not sent.',
  'Look at the pane with rc attach and type it there.',
)

/**
 * Types into panes of one tmux server. `programs` are the foreground programs that may stand for Claude: the client of
 * the container engine, or `claude` itself in a pane on the host.
 */
export function createTypist(
  tmux: Tmux,
  {
    programs = CLIENTS,
    patienceMs = PATIENCE_MS,
  }: { programs?: readonly string[]; patienceMs?: number } = {},
) {
  const busyPanes = new Set<string>()

  /** Program and screen in one call, so that they belong together. */
  async function look(pane: string): Promise<{ isClaude: boolean; inMode: boolean; screen: Screen }> {
    const { ok, text } = await tmux.run([
      ['display-message', '-p', '-t', pane, '#{pane_dead} #{pane_in_mode} #{pane_current_command}'],
      ['capture-pane', '-p', '-e', '-t', pane],
    ])
    const [, dead, inMode, program = ''] = /^(\d) (\d+) (.*)\n/.exec(text) ?? []
    const screen = readScreen(text.slice(text.indexOf('\n') + 1))
    return { isClaude: ok && dead === '0' && programs.includes(program), inMode: inMode !== '0', screen }
  }

  /** Looks until what is seen is as wished or patience ends; the last look is the answer. */
  async function lookUntil(pane: string, isWished: (screen: Screen) => boolean) {
    for (let waited = 0; ; waited += BETWEEN_LOOKS_MS) {
      const seen = await look(pane)
      if (!seen.isClaude || isWished(seen.screen) || waited >= patienceMs) return seen
      await sleep(BETWEEN_LOOKS_MS)
    }
  }

  async function typeChunks(pane: string, chunks: string[]): Promise<Refused | null> {
    for (const [index, chunk] of chunks.entries()) {
      if (index > 0) {
        await sleep(BETWEEN_CHUNKS_MS)
        const { isClaude, screen } = await look(pane)
        // A digit typed now could answer a question that has just come up.
        if (!isClaude || screen.kind !== 'idle') return whyNot({ isClaude, screen })
      }
      const { ok } = await tmux.run([['send-keys', '-t', pane, '-l', '--', chunk]])
      if (!ok) return NO_PANE
    }
    return null
  }

  /** Once, and only where something stands: a second Ctrl-C, or one at an empty prompt, is on the way out of Claude. */
  async function clear(pane: string): Promise<void> {
    const { isClaude, screen } = await look(pane)
    if (isClaude && screen.kind === 'idle' && screen.draft !== '')
      await tmux.run([['send-keys', '-t', pane, 'C-c']])
  }

  async function type(pane: string, text: string, asCommand: boolean): Promise<TypeResult> {
    const chunks = toKeystrokes(text, { asCommand })
    if (chunks.length === 0) return EMPTY
    const typed = chunks.join('')

    const before = await lookUntil(pane, (screen) => screen.kind === 'idle' || screen.kind === 'dialog')
    const problem = whyNot(before)
    if (problem !== null) return problem
    // Keys would go to the scrolling view that somebody has left open.
    if (before.inMode) await tmux.run([['send-keys', '-t', pane, '-X', 'cancel']])

    const stopped = await typeChunks(pane, chunks)
    const stands = (screen: Screen): screen is Idle => screen.kind === 'idle' && isDraftOf(typed, screen)
    if (stopped === null && stands((await lookUntil(pane, stands)).screen)) {
      await tmux.run([['send-keys', '-t', pane, 'Enter']])
      if (!stands((await lookUntil(pane, (screen) => !stands(screen))).screen)) return { status: 'typed' }
    }
    await clear(pane)
    return stopped ?? NOT_ARRIVED
  }

  return {
    /** Types `text` as one prompt and sends it. Resolves with `refused` when it was not sent. */
    async type(pane: string, text: string, { asCommand }: { asCommand: boolean }): Promise<TypeResult> {
      if (busyPanes.has(pane)) return TYPING
      busyPanes.add(pane)
      try {
        return await type(pane, text, asCommand)
      } finally {
        busyPanes.delete(pane)
      }
    },
  }
}

/** Why nothing may be typed into what is seen; null when Claude is idle and its prompt empty. */
function whyNot({ isClaude, screen }: { isClaude: boolean; screen: Screen }): Refused | null {
  if (!isClaude) return NOT_RUNNING
  if (screen.kind === 'busy') return BUSY
  if (screen.kind === 'dialog') return DIALOG
  if (screen.kind === 'unknown') return UNKNOWN
  return screen.draft === '' ? null : DRAFT
}

function refused(code: string, message: string, remedy: string): Refused {
  return { status: 'refused', code, message, remedy }
}
