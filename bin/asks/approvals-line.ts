/** One ask of the audit as one line. Pure. */
import type { AuditView } from '../../server/owner-views.ts'
import { toOneLine } from '../cli/text-width.ts'

/** What is known of an ask, or of a use of what was said before. `end` and `result` are their entries. */
export type Story = {
  at: number
  session: string
  tool: string
  what: string
  end: AuditView | null
  result: AuditView | null
}

/** When, where, who, how long, what came of it, about what, and what was said to it. */
export function lineOf({ at, session, tool, what, end, result }: Story): string {
  const { changed, ...said } = saidOf(end)
  const words = [
    new Date(at).toLocaleString(),
    session,
    answerOf(end),
    latencyOf(end),
    result === null ? '' : [result['result'], result['reason']].filter(Boolean).join(': '),
    [tool, changed ?? what].filter(Boolean).join(' '),
    changed === undefined ? '' : `instead of: ${what}`,
    ...Object.values(said),
  ]
  return toOneLine(words.filter((word) => word !== undefined && word !== '').join('  '))
}

function answerOf(end: AuditView | null): string {
  if (end === null) return 'open'
  if (end.event === 'answered') {
    const key = end['key'] === undefined ? '' : ` ${end['key']}`
    const how = end['changed'] === undefined ? '' : ' as changed'
    const device = end['device'] === undefined ? '' : ` (${end['device']})`
    return `${end['answer']}${key}${how} by ${end['by']}${device}`
  }
  if (end.event === 'used') return String(end['what']).startsWith('no:') ? 'refused before' : 'allowed before'
  return [end.event, end['because']].filter(Boolean).join(': ')
}

function latencyOf(end: AuditView | null): string {
  const ms = end?.['latency']
  return typeof ms === 'number'
    ? `after ${ms < 100_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`}`
    : ''
}

/** What came with an answer, each with what it is. */
function saidOf(end: AuditView | null): { changed?: string; told?: string; chosen?: string; label?: string } {
  if (end?.event !== 'answered') return {}
  const { changed, message, label, choices, content } = end
  const pairs = Object.entries((choices ?? content ?? {}) as Record<string, unknown>)
  return {
    ...(changed !== undefined && { changed: String((changed as { value?: unknown }).value) }),
    ...(message !== undefined && { told: `said: ${message}` }),
    ...(pairs.length > 0 && { chosen: pairs.map(([name, value]) => `${name} = ${value}`).join(', ') }),
    ...(label !== undefined && { label: `chose: ${label}` }),
  }
}
