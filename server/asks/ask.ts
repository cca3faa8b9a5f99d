/** An ask as the desk keeps it, and as others see it. */

import { createHash } from 'node:crypto'
import { changeOf } from '../claude/edit.ts'
import type {
  Answer,
  AskId,
  AskKind,
  AskState,
  AskView,
  Because,
  ClaudeContext,
  Decision,
  HookEnd,
  JsonObject,
  Outcome,
  Result,
  SessionId,
} from '../protocol.ts'

/** Instants are milliseconds since 1970. */
export type Ask = {
  id: AskId
  /** The hook's own idempotency key. */
  key: string
  session: SessionId
  sessionName: string
  /** Whose budgets it is counted for; absent: the session's own. */
  account?: string
  kind: AskKind
  tool: string | null
  input: JsonObject
  suggestions: JsonObject[]
  text: string | null
  context: ClaudeContext
  /** Digest of what was shown; an answer given to something else is refused. */
  digest: string
  /** The user's own rules found in this call, derived on the host. */
  rules: string[]
  /** Whether a hook waits for the outcome. Replies are waited for by nobody. */
  waits: boolean
  /** The hook ended without a decision, and the question stands: absent while it waits. */
  hookEnd?: { how: HookEnd; at: number } | null
  createdAt: number
  deadline: number
  /** Where Claude shows no dialog while the hook waits: the deadline as long as nobody sits at the keyboard. */
  unattendedDeadline?: number | null
  state: AskState
  because: Because | null
  answer: Answer | null
  answeredBy: string | null
  /** Which browser, in words of our own. */
  answeredFrom?: string | null
  endedAt: number | null
  decision: Decision | null
  result: Result | null
  resultReason: string | null
  /** Only its head and tail are kept: what the whole input was. */
  whole?: { bytes: number; sha256: string }
}

/** Sixteen hex digits that change whenever anything a person would look at changes. */
export function digestOf(shown: Pick<Ask, 'kind' | 'tool' | 'input' | 'suggestions' | 'text'>): string {
  const text = JSON.stringify([shown.kind, shown.tool, shown.input, shown.suggestions, shown.text])
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** The ask for the command line and the pages. */
export function toView(ask: Ask, url: string | null, untypable: string | null = null): AskView {
  return {
    id: ask.id,
    session: ask.sessionName,
    kind: ask.kind,
    tool: ask.tool,
    input: ask.input,
    suggestions: ask.suggestions,
    text: ask.text,
    state: ask.state,
    because: ask.because,
    hook_end: ask.state === 'pending' ? (ask.hookEnd?.how ?? null) : null,
    created_at: ask.createdAt,
    deadline: ask.deadline,
    url,
    digest: ask.digest,
    answer: ask.answer?.answer ?? null,
    message: ask.answer?.message ?? null,
    answered_by: ask.answeredBy ?? (ask.because === 'answered-at-keyboard' ? 'keyboard' : null),
    device: ask.answeredFrom ?? null,
    answered_at: ask.state === 'answered' ? ask.endedAt : null,
    ended_at: ask.endedAt,
    changed: changeOf(ask.tool, ask.decision),
    result: ask.result,
    result_reason: ask.resultReason,
    rules: ask.rules,
    denied_by_timeout: ask.state === 'expired' && ask.decision !== null,
    untypable: ask.kind === 'reply' ? untypable : null,
    remote_control: ask.context.remote_control === true,
    grave: null,
    pushes: null,
    whole: ask.whole ?? null,
  }
}

/** Kinds that Claude itself waits for, with a dialog of its own or behind a hook. */
export const CALL_KINDS: readonly AskKind[] = ['permission', 'question', 'plan', 'form']

/** Whether a call of Claude's stands behind it, whatever has become of its hook. */
export function isCall({ kind, waits }: Pick<Ask, 'kind' | 'waits'>): boolean {
  return waits && CALL_KINDS.includes(kind)
}

/** Whether its hook has ended without a decision, so that no Yes from afar can reach Claude any more. */
export function isStranded({ state, hookEnd }: Pick<Ask, 'state' | 'hookEnd'>): boolean {
  return state === 'pending' && hookEnd != null
}

/** Whether Claude hides the dialog as long as the hook waits: a background agent's, and a form's (2.1.197 and later). */
export function isHidden({ kind, context }: Pick<Ask, 'kind' | 'context'>): boolean {
  return context.agent_id !== undefined || kind === 'form'
}

/** Whether two asks are about one call: the same tool with the same input, of the same agent. */
export function isSameCall(one: Ask, other: Ask): boolean {
  const callOf = ({ kind, tool, input, text, context }: Ask) =>
    JSON.stringify([kind, tool, input, text, context.agent_id ?? null])
  return isCall(one) && isCall(other) && callOf(one) === callOf(other)
}

/** A decision where there is one, by whomever; otherwise only that the ask is open, or over without any. */
export function toOutcome(ask: Ask): Outcome {
  if (ask.decision !== null) return { state: 'answered', decision: ask.decision }
  if (ask.state === 'pending') return { state: 'pending' }
  return { state: ask.state === 'expired' ? 'expired' : 'superseded' }
}
