/** The audit of approvals, for a person or a program. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { AuditView } from '../server/audit.ts'
import type { OwnerClient } from '../server/client.ts'
import type { Output } from './output.ts'
import { toOneLine } from './text-width.ts'

/** How often a followed log is looked at, and how long an answer's result is waited for before its line is printed. */
const LOOK_MS = 500
const RESULT_MS = 6_000

type Request = {
  client: Pick<OwnerClient, 'audit'>
  output: Output
  session: string | null
  json: boolean
  follow: boolean
}

/** Prints one JSON line an entry, or one line an ask. With `follow` it goes on until it is interrupted. */
export async function printApprovals({ client, output, session, json, follow }: Request): Promise<void> {
  let number = 0
  const open = new Map<string, Story>()
  for (;;) {
    const entries = await client.audit(number)
    number = entries.at(-1)?.number ?? number
    const own = entries.filter((entry) => session === null || entry.session === session)
    if (json) for (const entry of own) output.print(JSON.stringify(entry))
    else for (const entry of own) tell(open, entry)
    // A full answer has more behind it.
    if (entries.length > 0) continue
    if (!json) flush(open, output, follow)
    if (!follow) return
    await sleep(LOOK_MS)
  }
}

type Story = { at: number; session: string; what: string; end: AuditView | null; result: AuditView | null }

function tell(stories: Map<string, Story>, entry: AuditView): void {
  const { at, event, session, ask } = entry
  if (event === 'asked' && ask !== null) {
    const what = [entry['tool'] ?? entry['kind'], entry['what']].filter(Boolean).join(' ')
    stories.set(ask, { at, session, what, end: null, result: null })
  } else if (ask === null) {
    const what = String(Array.isArray(entry['what']) ? entry['what'].join(', ') : (entry['what'] ?? ''))
    stories.set(`entry ${entry.number}`, { at, session, what, end: entry, result: null })
  } else {
    const story = stories.get(ask)
    if (story === undefined) return
    if (ENDS.has(event)) story.end = entry
    if (event === 'result') story.result = entry
  }
}

const ENDS: ReadonlySet<string> = new Set(['answered', 'expired', 'superseded'])

/** Without following, everything; otherwise what has ended and is not about to have its result. */
function flush(stories: Map<string, Story>, output: Output, follow: boolean): void {
  for (const [key, { at, session, what, end, result }] of stories) {
    const isAwaited = end?.event === 'answered' && result === null && Date.now() - end.at < RESULT_MS
    if (follow && (end === null || isAwaited)) continue
    stories.delete(key)
    const words = [
      new Date(at).toLocaleString(),
      session,
      answerOf(end),
      latencyOf(end),
      result === null ? '' : [result['result'], result['reason']].filter(Boolean).join(': '),
    ]
    output.print(toOneLine([...words.filter((word) => word !== ''), what].join('  ')))
  }
}

function answerOf(end: AuditView | null): string {
  if (end === null) return 'open'
  if (end.event === 'answered') return `${end['answer']} by ${end['by']}`
  return [end.event, end['because']].filter(Boolean).join(': ')
}

function latencyOf(end: AuditView | null): string {
  const ms = end?.['latency']
  return typeof ms === 'number'
    ? `after ${ms < 100_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`}`
    : ''
}
