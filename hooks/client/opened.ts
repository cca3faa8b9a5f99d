/** A question that the responder has accepted, and the way to its outcome. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { AskDraft, Outcome } from '../../server/protocol.ts'
import type { Door } from './door.ts'
import { describe } from './run.ts'

/** How long a script looks for a responder that may be restarting, in milliseconds. */
const OPEN_MS = 1_500
const AGAIN_MS = 150

export type Opened = {
  /** The ask's id: another one, when a responder that lost its memory was asked again. */
  id(): string
  /** Waits for the end, in slices, at most until `giveUpAt` (milliseconds since 1970). */
  outcome(giveUpAt: number): Promise<Exclude<Outcome, { state: 'pending' }> | 'time-over'>
}

/**
 * The same key finds the same ask, so that trying again after a lost connection opens no second one. Null where the
 * responder asks nobody, as for a Claude that nobody sits before.
 */
export async function open(door: Door, draft: AskDraft, patienceMs = OPEN_MS): Promise<Opened | null> {
  const accepted = await post(door, draft, patienceMs)
  if (accepted === null) return null
  let { id } = accepted
  return {
    id: () => id,
    async outcome(giveUpAt) {
      for (;;) {
        if (Date.now() >= giveUpAt) return 'time-over'
        try {
          const reply = await door('GET', `/asks/${id}/outcome`, undefined, accepted.slice_ms + 15_000)
          const seen = reply.body as Outcome
          if (reply.status === 200 && seen.state !== 'pending') return seen
          // Revoked while it waited: nobody will answer any more.
          if (reply.status === 401) return { state: 'superseded' }
          // A responder that lost its memory gets the question again.
          if (reply.status === 404) {
            const again = await post(door, draft, OPEN_MS)
            if (again === null) return { state: 'superseded' }
            id = again.id
          } else if (reply.status >= 400) await sleep(AGAIN_MS)
        } catch {
          // The responder is away; it keeps what is pending and will be back, or our time runs out.
          await sleep(AGAIN_MS)
        }
      }
    },
  }
}

async function post(
  door: Door,
  draft: AskDraft,
  patienceMs: number,
): Promise<{ id: string; slice_ms: number } | null> {
  const until = Date.now() + patienceMs
  for (;;) {
    try {
      const reply = await door('POST', '/asks', draft, 5_000)
      if (reply.status >= 400) throw new Refusal(describe(reply.body))
      return reply.body as { id: string; slice_ms: number } | null
    } catch (error) {
      if (error instanceof Refusal || Date.now() > until) throw error
      await sleep(AGAIN_MS)
    }
  }
}

class Refusal extends Error {
  constructor(sentence: string) {
    super(`the responder refused: ${sentence}`)
  }
}
