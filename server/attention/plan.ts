/** Which services ring for a question now, how loudly, and when that has to be thought about again. Pure. */
import { decide, hears, type Mood, type Rules, type Taste } from './decide.ts'
import { nextStepAt, priorityAt, type Step, servicesOf, stepDue } from './escalation.ts'
import type { EventKind, Priority } from './priority.ts'

/** The taste of a service that says nothing about it. */
export const EVERYTHING: Taste = { events: null, minPriority: 'low' }

type Named = { name: string; taste?: Taste }

/** A push that was tried before, in the order of their times. */
type Tried = { service: string; step: number; at: number; error: string | null }

type Input<T extends Named> = {
  services: readonly T[]
  steps: readonly Step[]
  rules: Rules
  mood: Mood
  event: EventKind
  /** The question's own, before any escalation. */
  priority: Priority
  tried: readonly Tried[]
  lastKeyAt: number | null
  createdAt: number
  now: number
}

/** `ready` ring now, at step `step`. `nextAt` is when to think again, in milliseconds since 1970; null: never by itself. */
export type Plan<T> = { step: number; ready: T[]; priority: Priority; nextAt: number | null }

export function planPushes<T extends Named>(input: Input<T>): Plan<T> {
  const { services, steps, rules, mood, event, tried, lastKeyAt, now } = input
  const names = services.map(({ name }) => name)
  const { step, since } = stepOf(input, names)
  const priority = priorityAt(step, steps, input.priority)
  const rung = new Set(tried.filter((one) => one.step === step).map(({ service }) => service))
  const wanted = servicesOf(step, steps, names).filter((name) => !rung.has(name))
  const verdicts = services
    .filter(({ name }) => wanted.includes(name))
    .map((service) => ({
      service,
      ...decide({
        ...{ mood, rules, now, taste: service.taste ?? EVERYTHING },
        matter: { event, priority, lastKeyAt },
      }),
    }))
  const times = verdicts.flatMap(({ send, at }) => (send || at === null ? [] : [at]))
  const next = since === null ? null : nextStepAt(steps, since, step)
  if (next !== null) times.push(next)
  return {
    ...{ step, priority },
    ready: verdicts.filter(({ send }) => send).map(({ service }) => service),
    nextAt: times.length === 0 ? null : Math.min(...times),
  }
}

/**
 * The step that is due, and since when steps are counted: since the first push, or since the question itself where none of
 * the first services wants to hear of it. A step that nobody took is over at once: the next one follows without waiting.
 */
function stepOf<T extends Named>(
  { services, steps, event, priority, tried, createdAt, now }: Input<T>,
  names: readonly string[],
): { step: number; since: number | null } {
  const opening = services.filter(({ name }) => servicesOf(0, steps, names).includes(name))
  const isDeaf = opening.every(({ taste = EVERYTHING }) => !hears(taste, event, priority))
  const since = tried[0]?.at ?? (isDeaf ? createdAt : null)
  if (since === null) return { step: 0, since }
  const done = Math.max(0, ...tried.map(({ step }) => step))
  const due = stepDue(steps, { since, done, now })
  const last = tried.filter(({ step }) => step === done)
  const isLost =
    tried.length > 0 &&
    servicesOf(done, steps, names).every((name) =>
      last.some(({ service, error }) => service === name && error !== null),
    )
  return { step: due === done && isLost && done < steps.length ? done + 1 : due, since }
}
