import { setTimeout as sleep } from 'node:timers/promises'
import { egressLogFile, readEgressLog, totalEgress } from '../../container/egress/log.ts'
import type { Session, Sessions } from '../../container/sessions.ts'
import { createOwnerClient } from '../../server/client.ts'
import { ownPaths } from '../../setup/paths.ts'
import { printApprovals } from '../asks/approvals-log.ts'
import { defineCommand } from '../cli/command.ts'
import { CommandError } from '../cli/errors.ts'
import type { Output } from '../cli/output.ts'
import { createBox } from '../house/box.ts'
import { loadStandingHouse } from '../house/house.ts'
import { plain, printTerminal } from '../sessions/terminal-log.ts'

/** How often a followed log is looked at. */
const LOOK_MS = 300

export const command = defineCommand({
  arguments: [['[session]', 'its name, or the beginning of it; of approvals, all sessions without it']],
  options: [
    ['-f, --follow', 'go on until Claude ends'],
    ['--egress', 'which hosts it wanted to reach, and what became of it'],
    ['--approvals', 'what was asked, who answered it and when, and what came of it'],
    ['--json', 'with --egress and --approvals: for programs'],
  ],
  notes: "Prints what Claude's terminal shows and what has scrolled away, without colours.",
  run: async ({ args, options, output, env }) => {
    if (options.approvals) {
      const client = createOwnerClient(ownPaths(env).ownerSocket)
      await printApprovals({ client, output, session: args[0] ?? null, ...options })
      return
    }
    if (args[0] === undefined) {
      throw new CommandError('usage', 'Of which session?', 'rc list shows them; --approvals needs none.')
    }
    const box = createBox(await loadStandingHouse(env, output.note))
    const { sessions } = box
    const session = await sessions.find(args[0])
    if (!options.egress) await printTerminal({ box, session, output }, options.follow)
    else if (options.follow) await followEgress(sessions, session, output)
    else await printEgress(session, options.json, output)
  },
})

async function printEgress({ name, gate }: Session, asJson: boolean, output: Output): Promise<void> {
  const totals = totalEgress(await readEgressLog(egressLogFile(gate)))
  if (asJson) return output.json(totals)
  if (totals.length === 0) return output.note(`${name} has not tried to reach anything.`)
  output.table(
    ['REFUSED', 'ALLOWED', 'HOST', 'LAST', 'WHY'],
    totals.map(({ refused, allowed, host, port, last, reason }) => [
      String(refused),
      String(allowed),
      `${host}:${port}`,
      new Date(last).toLocaleTimeString(),
      reason,
    ]),
  )
}

/** Each decision as it is made, until the session ends. */
async function followEgress(sessions: Sessions, session: Session, output: Output): Promise<void> {
  const file = egressLogFile(session.gate)
  let newest = 0
  let shown = 0
  for (let isLiving = true; isLiving; await sleep(LOOK_MS)) {
    isLiving = (await sessions.list({ all: false })).some(({ id }) => id === session.id)
    // Several decisions share a millisecond; those of the newest one that were shown are counted.
    const all = (await readEgressLog(file)).filter(({ at }) => at >= newest)
    for (const { at, allowed, host, port, reason } of all.slice(shown)) {
      const word = allowed ? output.paint('green', 'allowed') : output.paint('red', 'refused')
      output.print(`${new Date(at).toLocaleTimeString()}  ${word}  ${plain(`${host}:${port}  ${reason}`)}`)
    }
    newest = all.at(-1)?.at ?? newest
    shown = all.filter(({ at }) => at === newest).length
  }
}
