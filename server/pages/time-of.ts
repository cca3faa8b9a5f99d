/** An instant as pages tell it: in the time zone of the machine, which is nearly always the person's. */
export function timeOf(instant: number): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' }).format(instant)
}
