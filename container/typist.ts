/**
 * Types a prompt into Claude, and into nothing else.
 *
 *   look: right program, idle, nothing typed ─ no ─► refused, nothing typed
 *     │ yes
 *   in a box: press Escape, look again    ─ not idle ─► refused, nothing typed
 *     │
 *   type a chunk, look again, …          ─ not idle ─► refused
 *     │
 *   look: the box shows the text          ─ no ──────► clear it, refused
 *     │ yes
 *   press Enter, look: the box is empty   ─ no ──────► clear it, refused
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { TypeResult } from '../server/ports.ts'
import type { Screen } from './dialogs.ts'
import type { PaneWatch, Sight } from './pane-watch.ts'
import type { ForeignTmux } from './tmux.ts'
import { isDraftOf, toKeystrokes } from './typing.ts'

/** Why nothing was typed or pressed. */
export type Refused = Extract<TypeResult, { status: 'refused' }>

/** Claude 2.1.330 takes keys that come without a pause for a paste. */
const BETWEEN_CHUNKS_MS = 30

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
  'Look at that pane.',
)
const DRAFT = refused(
  'draft',
  'Somebody has begun to type a prompt in the pane of the session.',
  'Send or clear it there, then try again.',
)
const TYPING = refused('typing', 'Another answer is just being typed or pressed.', 'Try again in a moment.')
const EMPTY = refused('empty', 'Nothing is left to type but spaces.', 'Write a reply.')
const NOT_ARRIVED = refused(
  'not-arrived',
  'What was typed did not stand in the prompt of Claude as it should, so it was not sent.',
  'Look at the pane and type it there.',
)

/** Keys would choose, paste or kill there; and tmux 3.3a has crashed when such a list got keys that nobody saw. */
export const IN_MODE = refused(
  'pane-in-mode',
  'A list or a clock of tmux is open over the pane of Claude and would take the keys.',
  'Close it there with q, then try again.',
)

export const OTHER_PROGRAM = refused(
  'other-program',
  'The pane shows a text cursor: an editor or another program has the screen, or Claude was started with a native cursor or for a screen reader, and then the two look alike.',
  'Leave the editor in that pane, or answer there.',
)

/** Another pane of the window may hold a shell. */
export const SYNCHRONIZED = refused(
  'panes-synchronized',
  'Keys for the pane of Claude go to other panes too (synchronize-panes), so nothing is typed.',
  'Turn that off in its window with tmux set-option -w synchronize-panes off.',
)

/** What is said where there is nobody to type for: what can be done about it depends on who has opened the pane. */
export type Absence = { noPane: Refused; notRunning: Refused }

/** Of panes that we have opened. */
export const OWN_ABSENCE: Absence = { noPane: NO_PANE, notRunning: NOT_RUNNING }

/** Types into panes of one tmux server. */
export function createTypist(
  tmux: ForeignTmux,
  { look, lookUntil, lookWhile, leaveScrolling, alone }: PaneWatch,
  { noPane, notRunning, escapesFirst = false }: Absence & { escapesFirst?: boolean } = OWN_ABSENCE,
) {
  /** Why nothing may be typed into what is seen; null when Claude is idle and its prompt empty. */
  function whyNot({ isClaude, isSynchronized, hasCursor, mode, screen }: Sight): Refused | null {
    if (isSynchronized) return SYNCHRONIZED
    if (!isClaude) return notRunning
    // An editor that Claude has started, on a text that looks like an empty prompt.
    if (hasCursor) return OTHER_PROGRAM
    if (mode !== '') return IN_MODE
    if (screen.kind === 'busy') return BUSY
    if (screen.kind === 'dialog') return DIALOG
    if (screen.kind === 'unknown') return UNKNOWN
    return screen.draft === '' ? null : DRAFT
  }

  /**
   * Refuses whatever may be hidden under a drawn prompt: the session can write to its own terminal. At an empty prompt
   * Escape does nothing (2.1.197, 2.1.332), but for vim mode, which it leaves in NORMAL.
   */
  async function refuseHidden(pane: string): Promise<Refused | null> {
    if (!escapesFirst) return null
    await tmux.run([['send-keys', '-t', pane, 'Escape']])
    // So long also keeps what follows from being taken for Alt with a letter, and for a second Escape.
    return whyNot(await lookWhile(pane, isEmpty))
  }

  /** Nothing on the screen tells NORMAL of vim mode from no vim mode (2.1.197, 2.1.332); what an `i` does tells it. */
  async function insert(pane: string): Promise<Refused | null> {
    if (isInserting(await look(pane))) return null
    await tmux.run([['send-keys', '-t', pane, '-l', '--', 'i']])
    const seen = await lookUntil(pane, (sight) => isInserting(sight) || !isEmpty(sight))
    if (isInserting(seen)) return null
    if (!isIdle(seen)) return whyNot(seen)
    if (seen.screen.draft !== 'i') return NOT_ARRIVED
    await tmux.run([['send-keys', '-t', pane, 'BSpace']])
    return isEmpty(await lookUntil(pane, isEmpty)) ? null : NOT_ARRIVED
  }

  async function typeChunks(pane: string, chunks: string[]): Promise<Refused | null> {
    for (const [index, chunk] of chunks.entries()) {
      if (index > 0) {
        await sleep(BETWEEN_CHUNKS_MS)
        const sight = await look(pane)
        // A digit typed now could answer a question that has just come up.
        if (!isIdle(sight)) return whyNot(sight)
      }
      const { ok } = await tmux.run([['send-keys', '-t', pane, '-l', '--', chunk]])
      if (!ok) return noPane
    }
    return null
  }

  /** Once, and only where something stands: a second Ctrl-C, or one at an empty prompt, is on the way out of Claude. */
  async function clear(pane: string): Promise<void> {
    const sight = await look(pane)
    if (!isIdle(sight) || isEmpty(sight)) return
    await tmux.run([['send-keys', '-t', pane, 'C-c']])
    await lookUntil(pane, isSent)
  }

  async function type(pane: string, text: string, asCommand: boolean): Promise<TypeResult> {
    const chunks = toKeystrokes(text, { asCommand })
    if (chunks.length === 0) return EMPTY
    const typed = chunks.join('')

    await leaveScrolling(pane)
    const before = await lookUntil(pane, (sight) => isIdle(sight) || sight.screen.kind === 'dialog')
    const unready = whyNot(before) ?? (await refuseHidden(pane))
    if (unready !== null) return unready
    const problem = await insert(pane)
    if (problem !== null) {
      await clear(pane)
      return problem
    }

    const stopped = await typeChunks(pane, chunks)
    const stands = (sight: Sight) => isIdle(sight) && isDraftOf(typed, sight.screen)
    const typedSight = stopped === null ? await lookUntil(pane, stands) : null
    // A screen outlives its program: Enter behind what stands there would then be a shell's.
    if (typedSight !== null && stands(typedSight)) {
      await tmux.run([['send-keys', '-t', pane, 'Enter']])
      // A menu of completions takes Enter for itself, and the draft stays, changed.
      if (isSent(await lookUntil(pane, isSent))) return { status: 'typed' }
    }
    await clear(pane)
    return stopped ?? NOT_ARRIVED
  }

  return {
    /** Types `text` as one prompt and sends it. Resolves with `refused` when it was not sent. */
    async type(pane: string, text: string, { asCommand }: { asCommand: boolean }): Promise<TypeResult> {
      return (await alone(pane, () => type(pane, text, asCommand))) ?? TYPING
    },
  }
}

/** Whether it is Claude's own prompt that takes the keys; an editor's cursor shows. */
function isIdle(sight: Sight): sight is Sight & { screen: Extract<Screen, { kind: 'idle' }> } {
  return sight.isClaude && !sight.hasCursor && sight.mode === '' && sight.screen.kind === 'idle'
}

function isEmpty(sight: Sight): boolean {
  return isIdle(sight) && sight.screen.draft === ''
}

/** Whether the prompt is empty, or Claude does something else. */
function isSent(sight: Sight): boolean {
  return !isIdle(sight) || sight.screen.draft === ''
}

/** The footer of vim mode while letters are text. */
function isInserting(sight: Sight): boolean {
  return isEmpty(sight) && / -- INSERT -- /.test(sight.text.slice(sight.text.lastIndexOf('─')))
}

/** Nothing was typed or pressed, and why. */
export function refused(code: string, message: string, remedy: string): Refused {
  return { status: 'refused', code, message, remedy }
}
