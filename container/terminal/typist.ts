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
import type { TypeResult } from '../../server/ports.ts'
import type { Screen } from '../screen/screen.ts'
import { isDraftOf, toKeystrokes } from './keystrokes.ts'
import type { PaneWatch, Sight } from './pane-watch.ts'
import {
  type Absence,
  BUSY,
  DIALOG,
  DRAFT,
  EMPTY,
  IN_MODE,
  NOT_ARRIVED,
  OTHER_PROGRAM,
  OWN_ABSENCE,
  type Refused,
  SYNCHRONIZED,
  TYPING,
  UNKNOWN,
} from './refusals.ts'
import type { ForeignTmux } from './tmux.ts'

/** Claude 2.1.330 takes keys that come without a pause for a paste. */
const BETWEEN_CHUNKS_MS = 30

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
  return isEmpty(sight) && /-- INSERT --/.test(sight.text.slice(sight.text.lastIndexOf('─')))
}
