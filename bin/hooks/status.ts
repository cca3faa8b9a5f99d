/** `rc hooks status`: what is installed where, which Claudes were heard, and what is wrong. */

import { ago } from '../../server/asks/outcome-words.ts'
import { createOwnerClient } from '../../server/client.ts'
import { HOST, type ResponderStatus, type SiteSession, type SitesView } from '../../server/owner-views.ts'
import type { Output } from '../cli/output.ts'
import type { House } from '../house/house.ts'
import { findResponder } from '../house/running-responder.ts'
import type { Finding } from './findings.ts'
import { findGuests } from './guest-status.ts'
import { findInstalled } from './host-status.ts'

type Request = { folder: string; output: Output; json: boolean }

/** Gives the exit code: 0 where hooks are installed and nothing is wrong. */
export async function showStatus(house: House, { folder, output, json }: Request): Promise<number> {
  const client = createOwnerClient(house.paths.ownerSocket)
  const responder = await findResponder(client)
  const sites = responder === null ? null : await client.sites()
  const installed = await findInstalled(house, folder, responder !== null)
  const guests = await findGuests(house, sites?.guests ?? [])
  const all = [...installed, ...guests]
  const findings = distinct(all.flatMap((one) => one.findings))
  const isInstalled = all.some(({ events }) => events.length > 0)
  const sessions = sites?.sessions ?? []
  const code = isInstalled && findings.length === 0 ? 0 : 1
  if (json) {
    output.json({ installed, guests, responder, sessions, findings })
    return code
  }

  output.table(
    ['WHERE', 'HOOKS', ''],
    [
      ...installed.map(({ scope, file, events }) => [scope, count(events), file]),
      ...guests.map(({ name, events, way }) => ['container', count(events), `${name}, over ${way}`]),
      ['responder', responder === null ? 'not running' : 'running', responder?.phone_url ?? ''],
    ],
  )
  if (sessions.length > 0) {
    output.print('')
    output.table(['SESSION', 'CLAUDE', 'RUNS IN', 'LAST EVENT', 'FOLDER'], sessions.map(toRow))
  } else if (isInstalled && responder !== null)
    output.note(`\n${whoWasHeard(sites?.last_heard ?? null, responder)}`)
  for (const { problem, remedy } of findings)
    output.print(`\n${output.paint('red', 'problem')}  ${problem}\n         ${remedy}`)
  const trouble = all.find((one) => one.findings.length > 0)?.lastTrouble
  if (trouble) output.print(`         The hooks' own log ends: ${trouble}`)
  return code
}

/** What is known once every Claude has ended; a responder that has just started has heard none. */
function whoWasHeard(last: SitesView['last_heard'], { started_at }: ResponderStatus): string {
  if (last === null)
    return `No Claude Code has been heard since the responder started, ${ago(Date.now() - started_at)}.`
  const { name, version, lastEvent, lastAt } = last
  return `No Claude Code that was heard still runs. The last was ${name} (${version ?? '?'}): ${lastEvent}, ${ago(Date.now() - lastAt)}.`
}

function count(events: string[]): string {
  return events.length === 0 ? 'none' : `${events.length} events`
}

function distinct(findings: Finding[]): Finding[] {
  return [...new Map(findings.map((one) => [one.problem, one])).values()]
}

function toRow(session: SiteSession) {
  const { name, version, place, site, lastEvent, lastAt, workspace, remoteControl, headless } = session
  const pane = place?.tmux === undefined ? 'outside tmux' : `tmux ${place.tmux.pane}`
  const where = [
    ...(site === HOST ? [] : ['container']),
    pane,
    ...(headless ? ['headless'] : []),
    ...(remoteControl ? ['Remote Control'] : []),
  ]
  return [name, version ?? '?', where.join(', '), `${lastEvent}, ${ago(Date.now() - lastAt)}`, workspace]
}
