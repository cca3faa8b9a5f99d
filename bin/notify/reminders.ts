/** What came of ringing again, as sentences, and doing it again and again. */
import type { Reminded } from '../../server/push/reminders.ts'

const WHY: Record<NonNullable<Reminded['held']>, string> = {
  'rang-lately': 'the last push is only a few minutes old',
  'never-rang': 'nothing has rung yet, and that is left to the rules',
  'not-set-up': 'no service that has rung is set up any more',
  'not-its-event': 'no service wants to hear of it',
  'below-its-priority': 'it is below what the services want to hear of',
  level: 'the level lets it wait (rc notify --level)',
  snoozed: 'everything is snoozed (rc notify --snooze off ends that)',
  'quiet-hours': 'these are quiet hours',
  grace: 'somebody is at its keyboard',
}

/** A line for one session. Pure. */
export function describeReminder({ session, waiting, rang, failed, held }: Reminded): string {
  const wait = `${session}: ${waiting === 1 ? '1 question waits' : `${waiting} questions wait`}`
  const through = rang.length === 0 ? '' : `; rang through ${rang.join(', ')}`
  const not = failed.length === 0 ? '' : `; not taken by ${failed.join(', ')} (rc status tells why)`
  return `${wait}${through}${not}${held === null ? '' : `; ${WHY[held]}`}`
}

type Rounds = {
  /** Rings, and tells what came of it. */
  round(): Promise<unknown>
  /** Waits for the next one; may reject when the signal says so. */
  pause(): Promise<unknown>
  signal: AbortSignal
  /** Told why a round failed; the next one is tried all the same. */
  failed(error: Error): void
}

/** Round after round until the signal ends it. A first one that fails ends it, too: then something is wrong from the start. */
export async function keepReminding({ round, pause, signal, failed }: Rounds): Promise<void> {
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    await round().catch((error: Error) => {
      if (isFirst) throw error
      failed(error)
    })
    await pause().catch(() => {})
  }
}
