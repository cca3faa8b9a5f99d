/** Spans and times of day, as people type them. Pure. */
import { CommandError } from '../cli/errors.ts'

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Milliseconds of `30m`, `2h` or `off`, which is 0. Throws `usage`. */
export function toSpan(text: string): number {
  if (text === 'off') return 0
  const [, number, unit] = /^(\d{1,5})([smhd])$/.exec(text) ?? []
  if (number !== undefined) return Number(number) * UNITS[unit as keyof typeof UNITS]
  throw new CommandError(
    'usage',
    `${JSON.stringify(text)} is not a span of time.`,
    'Give one such as 30m or 2h, or off.',
  )
}

/** The next moment at which the clock of this machine says `18:00`, or that lies `2h` ahead, in milliseconds since 1970. */
export function toInstant(text: string, now: number): number {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? []
  if (hours === undefined) return now + toSpan(text)
  const at = new Date(now)
  at.setHours(Number(hours), Number(minutes), 0, 0)
  if (at.getTime() <= now) at.setDate(at.getDate() + 1)
  return at.getTime()
}
