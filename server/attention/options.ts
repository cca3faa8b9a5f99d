/** The `notifications.attention` part of the configuration. */
import * as z from 'zod'
import { PASSES, type Rules } from './decide.ts'
import type { Step } from './escalation.ts'
import { PRIORITIES } from './priority.ts'
import { isTimeZone, toMinutes } from './quiet-hours.ts'

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000 } as const
const DAY_MS = 24 * UNITS.h

/** Milliseconds, from seconds or a text such as 10m. */
const span = (leastMs: number) =>
  z
    .union([z.number().int().nonnegative(), z.string().regex(/^\d+\s*[smh]$/)], {
      error: 'a number of seconds, or a text such as 90s, 10m or 2h',
    })
    .transform((value) =>
      typeof value === 'number'
        ? value * 1_000
        : Number.parseInt(value, 10) * UNITS[value.slice(-1) as keyof typeof UNITS],
    )
    .refine((ms) => ms >= leastMs && ms <= DAY_MS, `from ${leastMs / 1_000} seconds to a day`)

const timeOfDay = z
  .string()
  .refine((text) => toMinutes(text) !== null, 'a time of day such as "22:30"')
  .transform((text) => toMinutes(text) ?? 0)

const quiet = z
  .strictObject({
    from: timeOfDay.describe('when they begin, such as "22:00"'),
    to: timeOfDay.describe('when they end, such as "07:30"'),
    zone: z
      .string()
      .refine(isTimeZone, 'a time zone such as Europe/Zurich')
      .optional()
      .describe('time zone; that of this machine unless you say so'),
    pass: z
      .enum(PASSES)
      .default('urgent')
      .describe('what rings all the same: urgent, questions (every one that waits for you) or none'),
  })
  .describe('hours of the day in which pushes wait')

/** The schema, where these are the names of services that a step may ring. */
export function toAttentionOptions(services: readonly string[]) {
  const service = z
    .string()
    .refine((name) => services.includes(name), `the name of a push service: ${services.join(', ')}`)
  const step = z.strictObject({
    after: span(1_000).describe('how long nobody has answered'),
    to: z
      .union([service.transform((one) => [one]), z.array(service).min(1)])
      .optional()
      .describe(
        'the services that ring then, and not before; all of the first push again where none is named',
      ),
    priority: z.enum(PRIORITIES).optional().describe('how loudly, at least'),
  })

  return z
    .strictObject({
      grace: span(0)
        .default(30_000)
        .describe('no push for so long after somebody has used the keyboard of that session'),
      quiet: quiet.optional(),
      escalate: z
        .array(step)
        .max(8)
        .default([])
        .refine(
          (steps) => steps.every(({ after }, at) => at === 0 || after > (steps[at - 1]?.after ?? 0)),
          'steps in the order of their time, each later than the one before',
        )
        .describe('what rings when nobody answers'),
      batch: z
        .number()
        .int()
        .min(1)
        .max(20)
        .default(5)
        .describe('more questions of one session within a minute become one push that says how many wait'),
    })
    .prefault({})
}

export type AttentionSettings = z.output<ReturnType<typeof toAttentionOptions>>

/** The rules and steps in it. */
export function readAttention({ grace, quiet: hours, escalate, batch }: AttentionSettings): {
  rules: Rules
  steps: Step[]
  batch: number
} {
  const zone = hours?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  return {
    rules: { graceMs: grace, quiet: hours === undefined ? null : { ...hours, zone } },
    steps: escalate.map(({ after, to = null, priority = null }) => ({ afterMs: after, to, priority })),
    batch,
  }
}
