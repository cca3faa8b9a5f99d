/**
 * Speaks to a service over HTTP.
 *
 *   2xx ──────────────── taken, whatever becomes of the rest of the answer: a second push would ring twice
 *   5xx, no answer ───── again after a pause of the service's, a longer one where it asks for that
 *   429 with Retry-After again then, if that is within the minute
 *   other 4xx, 3xx ───── refused: never repeated, never followed
 */
import { request } from 'undici'
import type { Clock } from '../../ports.ts'
import { brief } from '../../text/preview.ts'
import type { Explained, PushRequest, PushTools } from '../port.ts'
import { readAnswer, type ServiceAnswer, toWaitMs } from './answer.ts'
import { PushError } from './errors.ts'
import type { PushWay } from './proxy.ts'
import { wait } from './wait.ts'

/** An ask that rings later than this is answered at the keyboard. */
const MINUTE_MS = 60_000
const ANSWER_MS = 10_000
/** A service's own words go into the log and the status. */
const WORDS = 200

type Parts = {
  /** What the service is called at the beginning of a sentence. */
  label: string
  pausesMs: readonly number[]
  way: PushWay
  clock: Clock
  /** How long an answer may take. */
  answerMs?: number
  explain?: ((answer: ServiceAnswer) => Explained) | undefined
}
type Failure = { error: PushError; mayRepeat: boolean; askedMs: number }

export function createRequest({ pausesMs, answerMs = ANSWER_MS, ...parts }: Parts): PushTools['request'] {
  const { clock } = parts
  return async ({ signal, isRepeated = true, answerMs: ownMs, ...asked }) => {
    const until = clock.now() + MINUTE_MS
    const pauses = isRepeated ? [...pausesMs] : []
    for (;;) {
      signal?.throwIfAborted()
      // A clock that jumps must not make it negative.
      const limitMs = ownMs ?? Math.max(1, Math.min(answerMs, until - clock.now()))
      const tried = await tryOnce({ ...parts, ...asked, signal, limitMs })
      if (!('error' in tried)) return tried.answer
      const pause = pauses.shift()
      const waitMs = Math.max(pause ?? 0, tried.askedMs)
      if (!tried.mayRepeat || pause === undefined || clock.now() + waitMs >= until) throw tried.error
      await wait(clock, waitMs, signal)
    }
  }
}

type Try = Pick<Parts, 'label' | 'way' | 'clock' | 'explain'> &
  Omit<PushRequest, 'isRepeated' | 'answerMs'> & { limitMs: number }

async function tryOnce({ url, body, method = 'POST', headers, ...asked }: Try) {
  const { label, way, clock, signal, limitMs, explain } = asked
  const limit = AbortSignal.timeout(limitMs)
  try {
    const response = await request(url, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && {
        body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
      }),
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
      dispatcher: way(),
    })
    const status = response.statusCode
    const answer = await readAnswer(status, response.body)
    if (status < 300) return { answer: answer.json }
    const explained = explain?.(answer) ?? {}
    const askedMs = toWaitMs(response.headers['retry-after'], clock.now()) ?? explained.waitMs ?? null
    if (status >= 500) return unreachable(`${label} answered ${status}.`, askedMs ?? 0)
    const error = refused(label, answer, explained.why)
    return { error, mayRepeat: status === 429 && askedMs !== null, askedMs: askedMs ?? 0 }
  } catch (error) {
    signal?.throwIfAborted()
    return toFailure(label, error as Error)
  }
}

/** What is said of a service that did not answer. */
export function toFailure(label: string, { message }: Error): Failure {
  // undici 8.12: `Proxy response (407) !== 200 when HTTP Tunneling`, and `Proxy Authentication Required (407)`.
  if (/^Proxy .*\(407\)/.test(message)) return unreachable(PROXY_WANTS_LOGIN)
  return unreachable(`${label} could not be reached: ${brief(message, WORDS)}.`)
}

const PROXY_WANTS_LOGIN =
  'The proxy wants a user and a password (407): HTTPS_PROXY=http://user:password@host:port where the responder is started.'

/** What is said of one that is not there. */
export function unreachable(message: string, askedMs = 0): Failure {
  const remedy = 'Check the network and whether the service is up.'
  return { error: new PushError('push-unreachable', message, remedy), mayRepeat: true, askedMs }
}

/** What is said of a service that refused; in its own words, where it has some. */
export function refused(label: string, { status, json }: ServiceAnswer, own?: string): PushError {
  const { errors } = (json ?? {}) as { errors?: unknown }
  const words = own ?? (Array.isArray(errors) ? errors.join('; ') : undefined)
  const why = words === undefined ? `status ${status}` : brief(words, WORDS)
  const remedy =
    status < 400
      ? 'It leads to another address, which is not followed: put that one into the configuration.'
      : 'Check its keys in the configuration.'
  return new PushError('push-refused', `${label} refused the push: ${why}.`, remedy, status)
}
