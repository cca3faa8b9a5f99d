/** Whether a person has just used the keyboard of a session's pane. The only evidence of it that no session can make. */
import type { Clock, Terminal } from '../ports.ts'
import type { SessionId } from '../protocol.ts'

/** `unknown` where the host cannot see the pane, or could not just now. */
export type Keyboard = 'used' | 'unused' | 'unknown'

/** A hook tells of a key within a second; whoever types goes on for a moment. */
const AROUND_MS = 10_000

/** Whether somebody who is attached has pressed a key around now, and not before `since` (milliseconds since 1970). */
export async function keyboardSince(
  { terminal, clock }: { terminal: Terminal; clock: Clock },
  session: SessionId,
  since: number,
): Promise<Keyboard> {
  const seen = await lookAtKeyboard(terminal, session)
  if (seen === null) return 'unknown'
  const now = clock.now()
  return hasKeyBetween(seen, Math.max(since, now - AROUND_MS), now) ? 'used' : 'unused'
}

type Seen = { attached: boolean; lastKeyAt: number | null } | null

/** tmux counts in whole seconds, of which the last instant is taken. */
const SECOND_MS = 1_000

/**
 * Whether somebody who is attached has pressed a key between the two, in milliseconds since 1970. A key of the future was
 * pressed before the clock was set back.
 */
export function hasKeyBetween(seen: Seen, since: number, now: number): boolean {
  const at = seen?.attached === true ? seen.lastKeyAt : null
  return at !== null && at >= since && at < now + SECOND_MS
}

/** Null where it cannot be told. Never rejects: what cannot be seen is no evidence. */
export async function lookAtKeyboard(terminal: Terminal, session: SessionId): Promise<Seen> {
  try {
    return (await terminal.keyboardAt?.(session)) ?? null
  } catch {
    return null
  }
}
