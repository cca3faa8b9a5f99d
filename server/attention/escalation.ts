/** Whom a question is told to when nobody has answered. Pure. */
import { higher, type Priority } from './priority.ts'

/** A step: so long after the first push, these services, with this priority at least. Milliseconds. */
export type Step = { afterMs: number; to: readonly string[] | null; priority: Priority | null }

/**
 * The services that step `step` rings (0: the first push). Those that a later step names wait for it; a step that names
 * none rings those of the first push again.
 */
export function servicesOf(step: number, steps: readonly Step[], all: readonly string[]): string[] {
  const later = new Set(steps.flatMap(({ to }) => to ?? []))
  const first = all.filter((name) => !later.has(name))
  // Where every service waits for a step, the first push would reach nobody.
  const opening = first.length > 0 ? first : [...all]
  if (step === 0) return opening
  const to = steps[step - 1]?.to
  return to == null ? opening : all.filter((name) => to.includes(name))
}

/** The priority with which step `step` rings; no later step rings lower than an earlier one. */
export function priorityAt(step: number, steps: readonly Step[], own: Priority): Priority {
  return steps.slice(0, step).reduce((most, { priority }) => higher(most, priority ?? most), own)
}

/** The step that is due at `now`, where the first push was due at `since` and `done` was the last one that rang. */
export function stepDue(
  steps: readonly Step[],
  { since, done, now }: { since: number; done: number; now: number },
): number {
  let due = done
  steps.forEach(({ afterMs }, at) => {
    if (since + afterMs <= now) due = Math.max(due, at + 1)
  })
  return due
}

/** When the step after `done` is due, in milliseconds since 1970; null where there is none. */
export function nextStepAt(steps: readonly Step[], since: number, done: number): number | null {
  const next = steps[done]
  return next === undefined ? null : since + next.afterMs
}
