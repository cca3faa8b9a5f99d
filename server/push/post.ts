/** Posts JSON to a service: no redirects, bounded in time, repeated only where the service may not have heard it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'
import { PushError } from './errors.ts'
import type { PushWay } from './proxy.ts'

const ANSWER_MS = 10_000

/** Pauses before the second and third try. Pushover wants at least 5 s between them. */
const RETRY_PAUSES_MS: readonly number[] = [5_000, 15_000]

export type Posted = {
  service: string
  url: string
  body: unknown
  pausesMs?: readonly number[]
  /** Directly, without it. */
  way?: PushWay
}

/** The answer's JSON, or null. A 4xx is never repeated; 5xx and a lost connection are, after a pause. */
export async function postJson(posted: Posted): Promise<unknown> {
  const { service, pausesMs = RETRY_PAUSES_MS } = posted
  const pauses = [...pausesMs]
  for (;;) {
    const failure = await tryOnce(posted)
    if (!('unreachable' in failure)) return failure.answer
    const pause = pauses.shift()
    if (pause === undefined) {
      throw new PushError(
        'push-unreachable',
        failure.unreachable,
        `Check the network and whether ${service} is up.`,
      )
    }
    await sleep(pause)
  }
}

const PROXY_WANTS_LOGIN =
  'The proxy wants a user and a password (407): HTTPS_PROXY=http://user:password@host:port where the responder is started.'

async function tryOnce({
  service,
  url,
  body,
  way,
}: Posted): Promise<{ answer: unknown } | { unreachable: string }> {
  try {
    const response = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
      ...(way && { dispatcher: way() }),
    })
    const answer = parse(await response.body.text())
    if (response.statusCode >= 500) return { unreachable: `${service} answered ${response.statusCode}.` }
    if (response.statusCode >= 300) throw refused(service, response.statusCode, answer)
    return { answer }
  } catch (error) {
    if (error instanceof PushError) throw error
    const { message } = error as Error
    // undici 8.12: `Proxy response (407) !== 200 when HTTP Tunneling`, and `Proxy Authentication Required (407)`.
    if (/^Proxy .*\(407\)/.test(message)) return { unreachable: PROXY_WANTS_LOGIN }
    return { unreachable: `${service} could not be reached: ${message}.` }
  }
}

function refused(service: string, status: number, answer: unknown): PushError {
  const { errors } = (answer ?? {}) as { errors?: unknown }
  const why = Array.isArray(errors) ? errors.join('; ') : `status ${status}`
  return new PushError(
    'push-refused',
    `${service} refused the push: ${why}.`,
    'Check its keys in the configuration.',
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
