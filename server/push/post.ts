/** Posts JSON to a service: no redirects, bounded in time, repeated only where the service may not have heard it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'
import { PushError } from './errors.ts'

const ANSWER_MS = 10_000

/** Pauses before the second and third try. Pushover wants at least 5 s between them. */
export const RETRY_PAUSES_MS: readonly number[] = [5_000, 15_000]

export type Posted = { service: string; url: string; body: unknown; pausesMs?: readonly number[] }

/** The answer's JSON, or null. A 4xx is never repeated; 5xx and a lost connection are, after a pause. */
export async function postJson({ service, url, body, pausesMs = RETRY_PAUSES_MS }: Posted): Promise<unknown> {
  const pauses = [...pausesMs]
  for (;;) {
    const failure = await tryOnce(service, url, body)
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

async function tryOnce(
  service: string,
  url: string,
  body: unknown,
): Promise<{ answer: unknown } | { unreachable: string }> {
  try {
    const response = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    const answer = parse(await response.body.text())
    if (response.statusCode >= 500) return { unreachable: `${service} answered ${response.statusCode}.` }
    if (response.statusCode >= 300) throw refused(service, response.statusCode, answer)
    return { answer }
  } catch (error) {
    if (error instanceof PushError) throw error
    return { unreachable: `${service} could not be reached: ${(error as Error).message}.` }
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
