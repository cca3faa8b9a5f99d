/**
 * What the end of a hook says about the end of its question. Pure.
 *
 * In a box the hook, Claude's files and whatever else speaks belong to the session: it can kill the hook, and say anything
 * in its name. There only a key that the host has seen ends a question; without one the question stays. A Claude of the
 * user's own is believed that it is over, and no more: its files do not tell who ended it (its registry leaves `waiting`
 * for Yes and Esc alike, 2.1.197 and 2.1.330).
 */
import { type Ask, isHidden } from '../asks/ask.ts'
import type { AskEvent } from '../asks/lifecycle.ts'
import type { Because, HookEnd, Withdrawal } from '../protocol.ts'
import type { Keyboard } from './keyboard.ts'

export type Claim = Withdrawal['because']

export type Around = {
  /** A session in a box of ours. */
  isOurs: boolean
  keyboard: Keyboard
  /** Claude was interrupted from here a moment ago. */
  wasInterrupted: boolean
}

/** What happens to a pending ask whose hook has taken it back. */
export function endOfHook(ask: Pick<Ask, 'kind' | 'context'>, claim: Claim, around: Around): AskEvent {
  const { isOurs, keyboard, wasInterrupted } = around
  // Nothing but the question of an idle moment hangs on this word: what Claude let go of, it did not do.
  if (claim === 'let-go' && ask.kind === 'question') return because('let-go')
  const maybeKey = claim === 'answered-at-keyboard' || claim === 'stopped'
  if (maybeKey && keyboard === 'used')
    return because(claim === 'stopped' && isHidden(ask) ? 'task-ended' : 'answered-at-keyboard')
  if (maybeKey && wasInterrupted) return because('interrupted')
  if (isOurs || claim === 'hook-gone') return { type: 'hook-ended', how: HOW[claim] }
  switch (claim) {
    case 'answered-at-keyboard':
      return because(keyboard === 'unknown' ? 'ended-in-session' : 'unknown')
    case 'stopped':
      return because(isHidden(ask) ? 'task-ended' : 'unknown')
    case 'claude-ended':
      return because('session-ended')
    case 'let-go':
      return because('unknown')
  }
}

const HOW: Record<Claim, HookEnd> = {
  'answered-at-keyboard': 'claimed',
  'let-go': 'claimed',
  stopped: 'stopped',
  'claude-ended': 'stopped',
  'hook-gone': 'timed-out',
}

function because(word: Because): AskEvent {
  return { type: 'supersede', because: word }
}
