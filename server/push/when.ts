/** When to ring, from what the configuration says now, what a person has said for now, and who sits at the keyboard. */
import type { Ask } from '../asks/ask.ts'
import { type GraveList, graveOf } from '../asks/grave.ts'
import type { Rules } from '../attention/decide.ts'
import type { Step } from '../attention/escalation.ts'
import type { SessionRef, Terminal } from '../ports.ts'
import type { SessionId } from '../protocol.ts'
import { ALL_AT_ONCE, type Attention } from './attention.ts'
import type { MoodKeeper } from './mood.ts'

/** What the configuration says about it. */
export type AttentionRules = { rules: Rules; steps: readonly Step[]; batch: number; grave: GraveList }

type Parts = {
  /** Read whenever it counts; absent: everything rings at once. */
  read: (() => AttentionRules) | undefined
  mood: MoodKeeper
  terminal: Pick<Terminal, 'keyboardAt'>
  /** The living sessions. */
  sessions: () => readonly SessionRef[]
}

export function createAttention({ read, mood, terminal, sessions }: Parts): Attention {
  if (read === undefined) return { ...ALL_AT_ONCE, mood: mood.now }
  const workspaceOf = ({ session, context }: Pick<Ask, 'session' | 'context'>) =>
    sessions().find(({ id }) => id === session)?.workspace ?? context.cwd
  return {
    rules: () => read().rules,
    steps: () => read().steps,
    batch: () => read().batch,
    mood: mood.now,
    async lastKeyAt(session: SessionId): Promise<number | null> {
      const seen = await terminal.keyboardAt?.(session).catch(() => null)
      // Whoever has detached does not see the question.
      return seen?.attached ? seen.lastKeyAt : null
    },
    graveOf: (ask) => graveOf({ ...ask, workspace: workspaceOf(ask) }, read().grave),
  }
}
