/** What became of an ask and of its hook, in plain words: for pages, for lists, and for whoever answers too late. Pure. */

import type { AskState, AskView, Because, HookEnd } from '../protocol.ts'
import type { Ask } from './ask.ts'

/**
 * Sentences for an ask that has ended; the last one says how true the result is known to be. `now` in milliseconds
 * since 1970.
 */
export function describeOutcome(ask: AskView, now: number): string[] {
  const when = ask.ended_at === null ? '' : `, ${ago(now - ask.ended_at)}`
  switch (ask.state) {
    case 'pending':
      return []
    case 'expired':
      if (ask.denied_by_timeout)
        return [`Nobody answered in time, so it was denied${when}.`, describeResult(ask)]
      if (ask.kind === 'test') return [`Its time ran out${when}: nobody answered.`]
      return [`Its time ran out${when}: nobody answered.`, "Claude's own dialog stays at the keyboard."]
    case 'superseded':
      return [`${ENDED[ask.because ?? 'newer'].short}${when}.`]
    case 'answered': {
      const by = BY[ask.answered_by ?? ''] ?? `by ${ask.answered_by}`
      const how = ask.changed === null ? '' : ', as changed,'
      return [`${ANSWERED[ask.answer ?? 'allow']}${how} ${by}${when}.`, describeResult(ask)]
    }
  }
}

const ANSWERED = {
  allow: 'Answered Yes',
  always: 'Answered Always',
  deny: 'Answered No',
  reply: 'Your reply was sent',
  press: 'Answered by a key',
} as const

const BY: Record<string, string> = {
  page: 'on the page',
  cli: 'with rc answer',
  'standing approval': 'by an earlier Always',
}

function describeResult({ kind, result, result_reason: reason }: AskView): string {
  if (kind === 'test') return 'That was the test: the way to you and back works, and nothing is run.'
  if (result === 'applied') return 'Applied: Claude has it.'
  if (result === 'not-applied') return `Not applied: ${reason}.`
  return result === 'unconfirmed'
    ? 'Not confirmed: nothing has shown so far that Claude got it.'
    : 'On its way to Claude …'
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
      if (ask.kind === 'test') return `This test expired ${when(ask)}.`
      return `This question expired ${when(ask)}; Claude's own dialog stays at the keyboard.`
    case 'superseded':
      return `${ENDED[ask.because ?? 'newer'].sentence} (${when(ask)})`
  }
}

function when(ask: Ask): string {
  return ask.endedAt === null ? 'earlier' : `at ${new Date(ask.endedAt).toISOString()}`
}

/** Why a question is over that nobody answered here: whole, and short, where how long ago follows. */
const ENDED: Record<Because, { sentence: string; short: string }> = {
  'answered-at-keyboard': {
    sentence: 'This question was answered at the keyboard.',
    short: 'Answered at the keyboard',
  },
  'ended-in-session': {
    sentence: 'This question ended in its own session, as far as Claude tells.',
    short: 'Ended in its own session, as far as Claude tells',
  },
  'let-go': {
    sentence: 'Claude let this question go by itself, and went on without an answer.',
    short: 'Claude let it go by itself, and went on without an answer',
  },
  'task-ended': {
    sentence: 'The background agent that asked this was stopped.',
    short: 'The background agent that asked was stopped',
  },
  'went-on': {
    sentence: 'Claude went on by itself, without a prompt from anybody.',
    short: 'Claude went on by itself, without a prompt from anybody',
  },
  interrupted: {
    sentence: 'Claude was interrupted from here, and this question with it.',
    short: 'Claude was interrupted from here, and this with it',
  },
  unknown: {
    sentence: 'This question ended, and nobody knows how.',
    short: 'Ended, nobody knows how',
  },
  'hook-gone': {
    sentence: 'Claude no longer waits for this answer.',
    short: 'Claude stopped waiting for this answer',
  },
  newer: {
    sentence: 'A newer question took the place of this one.',
    short: 'A newer question took the place of this one',
  },
  'session-ended': {
    sentence: 'The session has ended.',
    short: 'The session ended',
  },
  'test-over': {
    sentence: 'This test is over.',
    short: 'The test was over',
  },
  'screen-changed': {
    sentence: 'The screen of the session shows something else now.',
    short: 'The screen of the session changed',
  },
}

/** Why an answer changed nothing, by the state in which it found its question. */
export const LOST: Record<AskState, string> = {
  pending: 'it did not arrive',
  answered: 'the question had been answered before',
  expired: 'its time had run out',
  superseded: 'the question was over by then',
}

/** How a hook ended whose question stands. */
export const HOOK_ENDED: Record<HookEnd, string> = {
  lost: 'The hook that asked this was killed, or is cut off.',
  stopped: 'The hook that asked this was told to end before anybody had answered.',
  'timed-out': 'The hook that asked this waited as long as it may, and has ended.',
  claimed: 'The hook that asked this says that it is over, but nobody has pressed a key in its pane.',
}

/** The same of an ask; empty while its hook waits. */
export function describeHookEnd({ hookEnd }: Pick<Ask, 'hookEnd'>): string {
  return hookEnd == null ? '' : HOOK_ENDED[hookEnd.how]
}

/** How it stands with it, for a column of a list. */
export function resultOf({ state, result, result_reason, because, denied_by_timeout }: AskView): string {
  if (state === 'pending') return ''
  if (denied_by_timeout) return ['denied by timeout', result].filter(Boolean).join(', ')
  if (state !== 'answered') return because ?? ''
  if (result === null) return ''
  return result_reason === null ? result : `${result}: ${result_reason}`
}

/** Who ended it, for a column of a list; empty while it waits and where nobody did. */
export function whoOf({ answered_by, device }: AskView): string {
  return [answered_by, device === null ? '' : `(${device})`].filter(Boolean).join(' ')
}

/** What came of an answer, for the one who has just given it. */
export function describeTaken({ kind, answer: said, result, result_reason }: AskView): string {
  const why = result_reason === null ? '' : ` (${result_reason})`
  if (kind === 'test') return `${said}, and that was the test`
  if (kind === 'domain' || kind === 'key') {
    return result === 'applied' ? `${said}, and done` : `${said}; nothing waits for it any more`
  }
  if (result === 'applied') return `${said}, and Claude has it${why}`
  if (result === 'not-applied') return `${said}, but it did not reach Claude${why}`
  return `${said}, not confirmed yet${why}; rc asks --all shows what became of it`
}

const MINUTE = 60_000

/** `3 min ago` for a span in milliseconds. */
export function ago(ms: number): string {
  return ms < MINUTE ? 'just now' : `${inTime(ms)} ago`
}

/** `3 min`, `2 h 5 min` for a span in milliseconds; never negative. */
export function inTime(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / MINUTE))
  const rest = minutes % 60
  if (minutes < 60) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h${rest > 0 ? ` ${rest} min` : ''}`
}
