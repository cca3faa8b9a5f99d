/** What must be true of a question whatever happened to it. */
import type { AskView } from '../../server/protocol.ts'
import { isTaken, type Story, type Tap } from './interleaving.ts'

/** What happened to the responder of a story. */
export type Weather = {
  /** Whether it was away at some time between the two, in milliseconds since 1970. */
  wasAway(from: number, until: number): boolean
  /** Its clock has jumped. */
  hasJumped: boolean
  /** Whether its clock was set between the two, in milliseconds since 1970: then nobody can tell which key came after what. */
  wasSet(from: number, until: number): boolean
  /** When its push came, in milliseconds since 1970; null for never. */
  pushedAt: number | null
  /** The session was removed, with this question or with a later one. */
  wasRemoved: boolean
}

/** So long after its end a hook is missed, and the keyboard looked at. */
const MISSED_MS = 2_000
/** From the start of its hook, on a loaded machine. */
const PUSHED_MS = 8_000

/** What is wrong with a story and the ask as it is shown in the end; empty when all is well. */
export function violations(story: Story, ask: AskView | undefined, weather: Weather): string[] {
  const { taps, claude, isLost, wasTyped, hookFrom, hookUntil } = story
  const { decided, ran, isDead, isHookKilled } = claude
  const wrong: string[] = []
  const must = (isTrue: boolean, sentence: string) => {
    if (!isTrue) wrong.push(sentence)
  }
  const taken = taps.filter(({ status }) => isTaken(status))
  const byPerson = (answer: Tap['answer']) =>
    taps.some((tap) => !tap.isStale && tap.answer === answer && (tap.status === null || taken.includes(tap)))
  const isByKey = decided?.startsWith('keyboard') === true
  const isByHook = decided?.startsWith('hook') === true
  must(!isLost, 'an answer was taken and never reached Claude')
  must(!wasTyped, 'keys were pressed while a call waited that its hook had told of')
  must(!ran || decided === 'keyboard-yes' || byPerson('allow'), 'a tool ran that nobody allowed')
  must(decided !== 'hook-deny' || byPerson('deny'), 'a hook denied what nobody denied')
  must(
    taken.every(({ isStale }) => !isStale),
    'an answer that was given to something else was taken',
  )
  must(
    taken.every(({ isPosthumous }) => !isPosthumous),
    'an answer for a removed session was taken',
  )
  must(taken.length <= 1, 'two answers to one question were both taken')
  if (ask === undefined) {
    must(taken.length === 0, 'an answered question is gone')
    must(weather.wasAway(hookFrom, hookUntil), 'a question never came up, and the responder was there')
    return wrong
  }

  const { state, because, answer, result } = ask
  // A responder that was killed sends it when it is back, if anybody still waits then.
  if (!weather.wasAway(hookFrom, hookUntil)) {
    const { pushedAt } = weather
    must(pushedAt !== null && pushedAt - hookFrom < PUSHED_MS, 'a question did not reach the phone in time')
  }
  if (isByHook) {
    must(state === 'answered', 'a hook printed what the desk never said')
    must(decided === `hook-${answer}`, `a hook printed ${decided}, and the desk said ${answer}`)
    // Of a removed session nothing is heard any more, nor from a hook that died before it had called its witness.
    const isUnheard = (weather.wasRemoved || isHookKilled) && result === 'unconfirmed'
    must(result === 'applied' || isUnheard, `an answer reached Claude, and the page says ${result}`)
  }
  if (taken.length === 1)
    must(answer === taken[0]?.answer, 'another answer is shown than the one that was taken')
  must(taken.length === 0 || state === 'answered', 'an answer was taken and the question says otherwise')
  if (state === 'answered') must(result !== null, 'what came of an answer is left open for ever')
  if (result === 'applied')
    must(isByHook, `the page says ${answer} was applied, and it was ${decided ?? 'never heard'}`)
  if (result === 'not-applied') must(isByKey, 'the page says that the keyboard answered, and it did not')

  // Who is dead cannot be asked; the host has not said yet that its session has ended.
  must(
    state !== 'pending' || isDead || weather.hasJumped,
    'a question is open that the keyboard has answered',
  )
  must(state !== 'expired' || weather.hasJumped, 'a question expired before its time')
  if (state !== 'superseded') return wrong
  must(
    because !== 'answered-at-keyboard' || isByKey || weather.wasSet(hookFrom, hookUntil + MISSED_MS),
    'a question says that the keyboard answered, and it did not',
  )
  must(
    because !== 'session-ended' || weather.wasRemoved,
    'a question says that its session ended, and it did not',
  )
  must(
    because === 'answered-at-keyboard' || because === 'session-ended',
    `a question ended because ${because}, on nobody's word but the session's`,
  )
  return wrong
}
