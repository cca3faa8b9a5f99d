/** What became of an ask, in plain words. Pure. */

import type { AskView } from '../protocol.ts'

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
      if (ask.denied_by_timeout) return [`Nobody answered in time, so it was denied${when}.`, resultOf(ask)]
      return [`Its time ran out${when}: nobody answered.`, "Claude's own dialog stays at the keyboard."]
    case 'superseded':
      return [`${BECAUSE[ask.because ?? 'newer']}${when}.`]
    case 'answered': {
      const by = BY[ask.answered_by ?? ''] ?? `by ${ask.answered_by}`
      const how = ask.changed === null ? '' : ', as changed,'
      return [`${ANSWERED[ask.answer ?? 'allow']}${how} ${by}${when}.`, resultOf(ask)]
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

const BECAUSE = {
  'answered-at-keyboard': 'Answered at the keyboard',
  'ended-in-session': 'Ended in its own session, as far as Claude tells',
  'let-go': 'Claude let it go by itself, and went on without an answer',
  'task-ended': 'The background agent that asked was stopped',
  'went-on': 'Claude went on by itself, without a prompt from anybody',
  interrupted: 'Claude was interrupted from here, and this with it',
  unknown: 'Ended, nobody knows how',
  'hook-gone': 'Claude stopped waiting for this answer',
  newer: 'A newer question took the place of this one',
  'session-ended': 'The session ended',
  'screen-changed': 'The screen of the session changed',
} as const

function resultOf({ result, result_reason: reason }: AskView): string {
  if (result === 'applied') return 'Applied: Claude has it.'
  if (result === 'not-applied') return `Not applied: ${reason}.`
  return result === 'unconfirmed'
    ? 'Not confirmed: nothing has shown so far that Claude got it.'
    : 'On its way to Claude …'
}

/** Spans of time in words. Pure. */
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
