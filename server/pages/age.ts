/** Spans of time in words. Pure. */
const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** `3 min ago` for a span in milliseconds. */
export function ago(ms: number): string {
  return ms < MINUTE ? 'just now' : `${inTime(ms)} ago`
}

/** `3 min`, `2 h 5 min` for a span in milliseconds; never negative. */
export function inTime(ms: number): string {
  const left = Math.max(0, ms)
  if (left < HOUR) return `${Math.max(1, Math.round(left / MINUTE))} min`
  const minutes = Math.round((left % HOUR) / MINUTE)
  return `${Math.floor(left / HOUR)} h${minutes > 0 ? ` ${minutes} min` : ''}`
}
