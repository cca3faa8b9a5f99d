/** Below a question: whether anything rings, and a while in which nothing does. */
import { timeOf } from '../time-of.ts'

/** `path` is that of the question's page; `until` when a snooze ends, in milliseconds since 1970, null where none is on. */
export type Quiet = { path: string; until: number | null }

/** What the page of a question may ask for, in minutes: a link can be anybody's, so no longer than two hours. */
export const QUIET_MINUTES = [30, 120] as const

const LABELS = { 30: 'Quiet for 30 minutes', 120: 'Quiet for 2 hours' } as const

export function QuietForm({ quiet: { path, until } }: { quiet: Quiet }) {
  return (
    <form method="post" action={`${path}/quiet`} class="apart">
      {until === null ? (
        <>
          <p class="soft">Nothing rings for a while, from any session. What waits stays here.</p>
          {QUIET_MINUTES.map((minutes) => (
            <Choice minutes={minutes} label={LABELS[minutes]} />
          ))}
        </>
      ) : (
        <>
          <p class="soft">
            Nothing rings until <b>{timeOf(until)}</b>.
          </p>
          <Choice minutes={0} label="Let it ring again" />
        </>
      )}
    </form>
  )
}

function Choice({ minutes, label }: { minutes: number; label: string }) {
  return (
    <button type="submit" name="minutes" value={String(minutes)} class="plain">
      {label}
    </button>
  )
}
