/**
 * Presses a key for a person, on the very screen that the person has seen, and on nothing else.
 *
 *   look: right program, the screen of that digest, the key among its own   ─ no ─► refused, nothing pressed
 *     │ yes
 *   look until it has stood long enough to take a key        ─ another one ─► refused, nothing pressed
 *     │
 *   a digit │ a key by name │ arrows, looking each time, until the cursor is on the choice, then Enter
 *     │                                         ─ screen changed, cursor moved ─► refused, nothing chosen
 *   look until it is another screen: that it went is the evidence
 *
 * No key follows by itself: what comes up meanwhile may be the twin of what was answered.
 */
import type { PressResult, ScreenView } from '../../server/ports.ts'
import type { DialogOption } from '../screen/choices.ts'
import { isOnlyTyped } from '../screen/dialog.ts'
import { viewOf } from '../screen/view.ts'
import type { PaneWatch, Sight } from './pane-watch.ts'
import {
  type Absence,
  IN_MODE,
  OTHER_PROGRAM,
  OWN_ABSENCE,
  type Refused,
  refused,
  SYNCHRONIZED,
} from './refusals.ts'
import type { ForeignTmux } from './tmux.ts'

const CHANGED = refused(
  'screen-changed',
  'The screen shows something else by now, so nothing was chosen.',
  'Look at what it shows now, and answer that.',
)
const NO_SUCH_KEY = refused('no-such-key', 'The screen does not offer that key.', 'Choose one that it shows.')
const BUSY_HANDS = refused(
  'typing',
  'Another answer is just being typed or pressed.',
  'Try again in a moment.',
)
const NOT_MOVED = refused(
  'not-moved',
  'The cursor did not move to the choice, so nothing was chosen.',
  'Answer it in its pane.',
)

/** Presses keys in panes of one tmux server. */
export function createPresser(
  tmux: ForeignTmux,
  { look, lookUntil, lookWhile, leaveScrolling, alone }: PaneWatch,
  { notRunning }: Absence = OWN_ABSENCE,
) {
  const send = (pane: string, key: string) => tmux.run([['send-keys', '-t', pane, key]])
  const isStill = (sight: Sight, digest: string) =>
    isOurs(sight) && sight.mode === '' && viewOf(sight)?.digest === digest

  async function press(pane: string, digest: string, key: string): Promise<PressResult> {
    const before = await leaveScrolling(pane)
    if (before.isSynchronized) return SYNCHRONIZED
    if (!before.isClaude) return notRunning
    // Under the engine's client runs whatever Claude has started, an editor for one.
    if (before.hasCursor) return OTHER_PROGRAM
    if (before.mode !== '') return IN_MODE
    const shown = viewOf(before)
    if (shown?.digest !== digest) return CHANGED
    if (!offers(before, shown, key)) return NO_SUCH_KEY
    const stood = await lookWhile(pane, (sight) => isStill(sight, digest))
    if (!isStill(stood, digest)) return CHANGED
    const target = rowOf(stood, key)
    if (target !== -1) {
      const problem = await moveTo(pane, digest, target)
      if (problem !== null) return problem
      await send(pane, 'Enter')
    } else await send(pane, key)
    const isGone = (sight: Sight) => !isStill(sight, digest) && !isTypedInto(stood, sight)
    return { status: 'pressed', isGone: isGone(await lookUntil(pane, isGone)) }
  }

  /** One step at a time: a list may skip a line, and another dialog may come up on the way. */
  async function moveTo(
    pane: string,
    digest: string,
    target: number,
  ): Promise<Exclude<PressResult, { status: 'pressed' }> | null> {
    for (let at = cursorOf(await look(pane)); at !== target; ) {
      await send(pane, at < target ? 'Down' : 'Up')
      const moved = await lookUntil(pane, (sight) => !isStill(sight, digest) || cursorOf(sight) !== at)
      if (!isStill(moved, digest)) return CHANGED
      const next = cursorOf(moved)
      if (next === at || Math.abs(target - next) > Math.abs(target - at)) return NOT_MOVED
      at = next
    }
    const last = await look(pane)
    return isStill(last, digest) && cursorOf(last) === target ? null : CHANGED
  }

  async function pressEscape(pane: string): Promise<PressResult> {
    const before = await leaveScrolling(pane)
    if (before.isSynchronized) return SYNCHRONIZED
    if (!before.isClaude) return notRunning
    if (before.hasCursor) return OTHER_PROGRAM
    if (before.mode !== '') return IN_MODE
    const shown = viewOf(before)?.digest ?? null
    const isSame = (sight: Sight) =>
      isOurs(sight) && sight.mode === '' && (viewOf(sight)?.digest ?? null) === shown
    const stood = await lookWhile(pane, isSame)
    if (!isOurs(stood) || stood.mode !== '') return CHANGED
    await send(pane, 'Escape')
    const isGone = (sight: Sight) => !isSame(sight) || sight.screen.kind !== stood.screen.kind
    return { status: 'pressed', isGone: isGone(await lookUntil(pane, isGone)) }
  }

  return {
    /** Presses Escape once, whatever Claude shows: it refuses, cancels or stops, and can allow nothing. */
    async escape(pane: string): Promise<PressResult> {
      return (await alone(pane, () => pressEscape(pane))) ?? BUSY_HANDS
    },

    /** What waits for a key in the pane; null when nothing does. */
    async read(pane: string): Promise<ScreenView | null> {
      const sight = await look(pane)
      return isOurs(sight) ? viewOf(sight) : null
    },

    /** Why `read` cannot tell whether something waits there; null where it can. */
    async whyNotRead(pane: string): Promise<Refused | null> {
      const sight = await look(pane)
      if (sight.isSynchronized) return SYNCHRONIZED
      if (!sight.isClaude) return notRunning
      // A prompt waits for no key, with a native cursor in it or without.
      return sight.hasCursor && viewOf(sight) !== null ? OTHER_PROGRAM : null
    },

    /** Presses `key` on the screen of that digest. Resolves with `refused` when nothing was chosen. */
    async press(pane: string, { digest, key }: { digest: string; key: string }): Promise<PressResult> {
      return (await alone(pane, () => press(pane, digest, key))) ?? BUSY_HANDS
    },
  }
}

/** What a screen may be tried with that nobody has taught us to read. */
const PLAIN_KEYS = ['Escape', 'Enter', 'Up', 'Down', 'Left', 'Right', 'Tab', ...'123456789']

function offers(sight: Sight, { name, options, isCut }: ScreenView, key: string): boolean {
  if (options.some((option) => option.key === key)) return true
  return name === null && !isCut && PLAIN_KEYS.includes(key) && !(isInText(sight) && DIGIT.test(key))
}

const DIGIT = /^\d$/

/**
 * The row that arrows and Enter have to choose; -1 where the key itself does it. Some numbered lists (2.1.197) only move
 * the cursor to the digit, and in a row that takes text it is text.
 */
function rowOf(sight: Sight, key: string): number {
  const hasToWalk = key.startsWith('#') || (DIGIT.test(key) && (confirms(sight) || isInText(sight)))
  return hasToWalk ? optionsOf(sight).findIndex((option) => option.key === key) : -1
}

function confirms({ screen }: Sight): boolean {
  return screen.kind === 'dialog' && screen.confirms
}

function isInText(sight: Sight): boolean {
  return optionsOf(sight).some(({ selected, isText }) => selected && isText)
}

function isTypedInto(before: Sight, after: Sight): boolean {
  if (!isOurs(after) || before.screen.kind !== 'dialog' || after.screen.kind !== 'dialog') return false
  return isOnlyTyped(before.screen, after.screen)
}

function isOurs({ isClaude, hasCursor }: Sight): boolean {
  return isClaude && !hasCursor
}

function optionsOf({ screen }: Sight): DialogOption[] {
  return screen.kind === 'dialog' ? screen.options : []
}

function cursorOf(sight: Sight): number {
  return optionsOf(sight).findIndex(({ selected }) => selected)
}
