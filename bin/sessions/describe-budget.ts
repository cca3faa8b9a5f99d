/** A budget that a session has used up, as a sentence. */
import type { BudgetView } from '../../server/owner-views.ts'

export function describeBudget({ session, told, refused, since }: BudgetView): string {
  const times = refused === 1 ? 'once' : `${refused} times`
  return `${session} ${told} (${times} since ${new Date(since).toLocaleTimeString()}).`
}
