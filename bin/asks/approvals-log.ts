/** The audit of approvals, for a person or a program. */

import { setTimeout as sleep } from 'node:timers/promises'
import type { OwnerClient } from '../../server/client.ts'
import type { AuditView } from '../../server/owner-views.ts'
import type { Output } from '../cli/output.ts'
import { toJson } from '../cli/safe-text.ts'
import { lineOf, type Story } from './approvals-line.ts'
import { findAudited } from './find.ts'

/** How often a followed log is looked at, and how long an answer's result is waited for before its line is printed. */
const LOOK_MS = 500
const RESULT_MS = 6_000

/** `session` is a name, or the beginning of one. */
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
  const found = session === null ? null : await findAudited(client, session)
  if (found === null && session !== null) {
    output.note(`Nothing has been asked in a session ${JSON.stringify(session)}.`)
    if (!follow) return
  }
  const name = found ?? session
  const open = new Map<string, Story>()
  for (;;) {
    const entries = await client.audit(number)
    number = entries.at(-1)?.number ?? number
    const own = entries.filter((entry) => name === null || entry.session === name)
    if (json) for (const entry of own) output.print(toJson(entry))
    else for (const entry of own) tell(open, entry)
    // A full answer has more behind it.
    if (entries.length > 0) continue
    if (!json) flush(open, output, follow)
    if (!follow) return
    await sleep(LOOK_MS)
  }
}

function tell(stories: Map<string, Story>, entry: AuditView): void {
  const { at, event, session, ask } = entry
  if (event === 'asked' && ask !== null) {
    const tool = String(entry['tool'] ?? entry['kind'] ?? '')
    stories.set(ask, { at, session, tool, what: String(entry['what'] ?? ''), end: null, result: null })
  } else if (ask === null) {
    const what = String(Array.isArray(entry['what']) ? entry['what'].join(', ') : (entry['what'] ?? ''))
    stories.set(`entry ${entry.number}`, { at, session, tool: '', what, end: entry, result: null })
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
  for (const [key, story] of stories) {
    const { end, result } = story
    const isAwaited = end?.event === 'answered' && result === null && Date.now() - end.at < RESULT_MS
    if (follow && (end === null || isAwaited)) continue
    stories.delete(key)
    output.print(lineOf(story))
  }
}
