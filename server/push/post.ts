/**
 * Posts JSON to a service.
 *
 *   2xx ──────────────── taken, whatever becomes of the rest of the answer: a second push would ring twice
 *   5xx, no answer ───── again after a pause of the service's, a longer one where it asks for that
 *   429 with Retry-After again then, if that is within the minute
 *   other 4xx, 3xx ───── refused: never repeated, never followed
 */
import { request } from 'undici'
import type { Clock } from '../ports.ts'
import { brief } from '../text/preview.ts'
import { readAnswer, toWaitMs } from './answer.ts'
import { PushError } from './errors.ts'
import type { PushTools } from './port.ts'
import type { PushWay } from './proxy.ts'

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
}
type Failure = { error: PushError; mayRepeat: boolean; askedMs: number }

export function createPost({ label, pausesMs, way, clock, answerMs = ANSWER_MS }: Parts): PushTools['post'] {
  return async (url, body, signal) => {
    const until = clock.now() + MINUTE_MS
    const pauses = [...pausesMs]
    for (;;) {
      signal?.throwIfAborted()
      // A clock that jumps must not make it negative.
      const limitMs = Math.max(1, Math.min(answerMs, until - clock.now()))
      const tried = await tryOnce({ label, url, body, way, clock, signal, limitMs })
      if (!('error' in tried)) return tried.answer
      const pause = pauses.shift()
      const waitMs = Math.max(pause ?? 0, tried.askedMs)
      if (!tried.mayRepeat || pause === undefined || clock.now() + waitMs >= until) throw tried.error
      await wait(clock, waitMs, signal)
    }
  }
}

type Try = {
  label: string
  url: string
  body: unknown
  way: PushWay
  clock: Clock
  signal: AbortSignal | undefined
  limitMs: number
}

async function tryOnce({
  label,
  url,
  body,
  way,
  clock,
  signal,
  limitMs,
}: Try): Promise<{ answer: unknown } | Failure> {
  const limit = AbortSignal.timeout(limitMs)
  try {
    const {
      statusCode,
      headers,
      body: answered,
    } = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
      dispatcher: way(),
    })
    const answer = await readAnswer(answered)
    if (statusCode < 300) return { answer }
    const waitMs = toWaitMs(headers['retry-after'], clock.now())
    if (statusCode >= 500) return unreachable(`${label} answered ${statusCode}.`, waitMs ?? 0)
    const error = refused(label, statusCode, answer)
    return { error, mayRepeat: statusCode === 429 && waitMs !== null, askedMs: waitMs ?? 0 }
  } catch (error) {
    signal?.throwIfAborted()
    const { message } = error as Error
    // undici 8.12: `Proxy response (407) !== 200 when HTTP Tunneling`, and `Proxy Authentication Required (407)`.
    if (/^Proxy .*\(407\)/.test(message)) return unreachable(PROXY_WANTS_LOGIN)
    return unreachable(`${label} could not be reached: ${brief(message, WORDS)}.`)
  }
}

const PROXY_WANTS_LOGIN =
  'The proxy wants a user and a password (407): HTTPS_PROXY=http://user:password@host:port where the responder is started.'

function unreachable(message: string, askedMs = 0): Failure {
  const remedy = 'Check the network and whether the service is up.'
  return { error: new PushError('push-unreachable', message, remedy), mayRepeat: true, askedMs }
}

function refused(label: string, status: number, answer: unknown): PushError {
  const { errors } = (answer ?? {}) as { errors?: unknown }
  const why = Array.isArray(errors) ? brief(errors.join('; '), WORDS) : `status ${status}`
  const remedy =
    status < 400
      ? 'It leads to another address, which is not followed: put that one into the configuration.'
      : 'Check its keys in the configuration.'
  return new PushError('push-refused', `${label} refused the push: ${why}.`, remedy)
}

/** Rejects with the signal's reason when it is aborted meanwhile. */
function wait(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const stop = () => {
      cancel()
      reject(signal?.reason)
    }
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener('abort', stop)
      resolve()
    })
    signal?.addEventListener('abort', stop, { once: true })
  })
}
