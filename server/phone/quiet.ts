/**
 * Quiet for a while, from the page of a question. Whoever may give any answer there may ask for it, as long as the question
 * waits: so an old link silences nothing, and a stolen one for two hours from its question's end at most.
 */
import type { Context } from 'hono'
import type { Ask } from '../asks/ask.ts'
import { describeEnd } from '../asks/outcome-words.ts'
import type { Desk } from '../desk/desk.ts'
import { problem } from '../errors.ts'
import { QUIET_MINUTES } from '../pages/forms/quiet-form.tsx'
import type { Clock } from '../ports.ts'
import type { MoodKeeper } from '../push/mood.ts'

type Parts = { desk: Pick<Desk, 'quieted'>; mood: MoodKeeper; clock: Clock }

const MINUTE_MS = 60_000

/** Takes what the form of that page sent. Throws, and changes nothing, for anything else. `device` is in words of ours. */
export async function beQuiet(c: Context, ask: Ask, device: string, { desk, mood, clock }: Parts) {
  const form = await c.req.formData().catch(() => null)
  const said = form?.getAll('minutes') ?? []
  const minutes = [0, ...QUIET_MINUTES].find((one) => said.length === 1 && said[0] === String(one))
  if (minutes === undefined) throw problem('bad-shape', { why: 'it says for how many minutes' })
  if (ask.state !== 'pending') throw problem('already-ended', { why: describeEnd(ask) })
  const { snoozedUntil } = mood.now()
  // A person who has asked for more at the machine keeps it.
  const isLonger = minutes > 0 && (snoozedUntil ?? 0) > clock.now() + minutes * MINUTE_MS
  if (!isLonger) mood.snooze(minutes * MINUTE_MS)
  desk.quieted(ask, { minutes, device })
}
