/** Hours of the day in which the phone stays quiet, by the clock on the wall of a time zone. Pure. */

/** Minutes since midnight; `from` after `to` means over midnight. */
export type QuietHours = { from: number; to: number; zone: string }

const DAY = 24 * 60
const MINUTE_MS = 60_000

/** `22:30` as minutes since midnight, or null. */
export function toMinutes(text: string): number | null {
  const [, hours = '', minutes = ''] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? []
  return hours === '' ? null : Number(hours) * 60 + Number(minutes)
}

/** Whether there is a time zone of that name, such as Europe/Zurich. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/**
 * When the quiet hours end that `now` falls into, in milliseconds since 1970; null outside of them. Where the clocks
 * change meanwhile, the clock on the wall counts: the night is then an hour shorter or longer.
 */
export function endOfQuiet({ from, to, zone }: QuietHours, now: number): number | null {
  const minute = minuteOfDay(now, zone)
  const isQuiet = from <= to ? minute >= from && minute < to : minute >= from || minute < to
  if (from === to || !isQuiet) return null
  const startOfMinute = Math.floor(now / MINUTE_MS) * MINUTE_MS
  const guess = startOfMinute + ((to - minute + DAY) % DAY) * MINUTE_MS
  // The clocks may have changed on the way.
  const off = signed(to - minuteOfDay(guess, zone))
  const end = guess + off * MINUTE_MS
  return end > now ? end : guess
}

function minuteOfDay(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at)
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0)
  return read('hour') * 60 + read('minute')
}

/** Minutes of a day as the shorter way round: 1,430 is ten minutes back. */
function signed(minutes: number): number {
  const around = ((minutes % DAY) + DAY) % DAY
  return around > DAY / 2 ? around - DAY : around
}
