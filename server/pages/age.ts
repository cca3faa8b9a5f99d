/** Spans of time in words. Pure. */
const MINUTE = 60_000

/** `3 min ago` for a span in milliseconds. */
export function ago(ms: number): string {
  return ms < MINUTE ? 'just now' : `${inTime(ms)} ago`
}

/** `3 min`, `2 h 5 min` for a span in milliseconds; never negative. */
export function inTime(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / MINUTE))
  const rest = minutes % 60
  if (minutes < 60) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h${rest > 0 ? ` ${rest} min` : ''}`
}
