/** A hook's draft, made into an ask: what is shown comes from the session, everything else from the host. Pure. */

import { findRules } from '../claude/rules.ts'
import type { SessionRef } from '../ports.ts'
import type { AskDraft, AskId, ClaudeContext, SessionId } from '../protocol.ts'
import { type Ask, isHidden } from './ask.ts'
import { newAsk } from './new-ask.ts'

/** The user's settings about asks, in plain values. Read whenever they are needed, never kept: they may follow a file. */
export type Approvals = {
  readonly askMs: number
  readonly onTimeout: 'wait' | 'deny'
  readonly subagentWaitMs: number
  /** What a Claude that nobody sits before gets; absent: skip. */
  readonly headless?: 'skip' | 'ask'
  /** The rules that the session's Claude was told to ask for, its project's own among them; null where nobody knows. */
  askRules: (session: SessionId) => readonly string[] | null
}

/** Whether a Claude is asked nothing and pushes nothing, because nobody sits before it. */
export function isSkipped({ headless = false }: ClaudeContext, approvals: Approvals): boolean {
  return headless && approvals.headless !== 'ask'
}

/** What a hook keeps for itself after the ask has ended, in milliseconds, so that it can still print the outcome. */
const HOOK_RESERVE_MS = 15_000

type Input = {
  session: SessionRef
  draft: AskDraft
  id: AskId
  now: number
  approvals: Approvals
  /** Whether the host can tell if anybody sits at the keyboard. */
  seesKeyboard: boolean
}

/**
 * The pending ask for a draft. The dialog of a background agent or a form is hidden while its hook waits (Claude Code
 * 2.1.330), so it hands over to the keyboard sooner, but only where somebody may sit there; and where a timeout denies,
 * nobody does.
 */
export function newHookAsk({ session, draft, id, now, approvals, seesKeyboard }: Input): Ask {
  const { tool = null, input } = draft
  const longest = now + longestMs(draft, approvals)
  const handsOver = isHidden(draft) && approvals.onTimeout === 'wait'
  const attended = Math.min(longest, now + approvals.subagentWaitMs)
  return newAsk({
    id,
    key: draft.key,
    session,
    kind: draft.kind,
    tool,
    input,
    suggestions: draft.suggestions,
    text: draft.text ?? null,
    context: draft.context,
    rules: findRules(approvals.askRules(session.id) ?? [], tool, input),
    waits: draft.client_wait_ms !== undefined,
    createdAt: now,
    deadline: handsOver && !seesKeyboard ? attended : longest,
    unattendedDeadline: handsOver && seesKeyboard ? longest : null,
  })
}

function longestMs(draft: AskDraft, { askMs }: Approvals): number {
  if (draft.client_wait_ms === undefined) return askMs
  return Math.min(askMs, Math.max(0, draft.client_wait_ms - HOOK_RESERVE_MS))
}

/** What is kept of every ask, in bytes, whatever becomes of it; only what is longer counts. */
const SMALL = 8 * 1024

/** How many bytes a draft asks to keep beyond what every ask may have. */
export function bytesOf({ input, suggestions, text = '' }: AskDraft): number {
  const bytes = Buffer.byteLength(JSON.stringify([input, suggestions, text]))
  return bytes > SMALL ? bytes : 0
}
