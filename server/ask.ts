/** An ask as the desk keeps it, and as others see it. */
import { createHash } from 'node:crypto'
import { changeOf } from './edit.ts'
import type {
  Answer,
  AskId,
  AskKind,
  AskState,
  AskView,
  Because,
  ClaudeContext,
  Decision,
  JsonObject,
  Result,
  SessionId,
} from './protocol.ts'

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
  createdAt: number
  deadline: number
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
    whole: ask.whole ?? null,
  }
}

/** What became of an ended ask, as a sentence for whoever comes late. */
export function describeEnd(ask: Ask): string {
  switch (ask.state) {
    case 'pending':
      return 'This question is still open.'
    case 'answered':
      return `This question was already answered: ${ask.answer?.answer ?? 'unknown'}, by ${ask.answeredBy ?? 'somebody'}, ${when(ask)}.`
    case 'expired':
      if (ask.decision !== null) return `Nobody answered in time, so this was denied (${when(ask)}).`
      return `This question expired ${when(ask)}; Claude's own dialog stays at the keyboard.`
    case 'superseded':
      return `${WHY[ask.because ?? 'newer']} (${when(ask)})`
  }
}

const WHY: Record<Because, string> = {
  'answered-at-keyboard': 'This question was answered at the keyboard.',
  'hook-gone': 'Claude no longer waits for this answer.',
  newer: 'A newer question took the place of this one.',
  'session-ended': 'The session has ended.',
  'screen-changed': 'The screen of the session shows something else now.',
}

function when(ask: Ask): string {
  return ask.endedAt === null ? 'earlier' : `at ${new Date(ask.endedAt).toISOString()}`
}
