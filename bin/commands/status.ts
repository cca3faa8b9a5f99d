import { createOwnerClient } from '../../server/client.ts'
import { whatOf } from '../asks/describe.ts'
import { defineCommand } from '../cli/command.ts'
import { CommandError } from '../cli/errors.ts'
import { toOneLine } from '../cli/text-width.ts'
import { createBox } from '../house/box.ts'
import { loadStandingHouse } from '../house/house.ts'
import { findResponder } from '../house/running-responder.ts'
import { describeSession } from '../sessions/describe.ts'
import { describeBudget } from '../sessions/describe-budget.ts'
import { aboutResponder, doorsOf } from '../sessions/door-states.ts'
import { reportPlanted } from '../sessions/report-planted.ts'

export const command = defineCommand({
  arguments: [['[session]', 'its name, or the beginning of it; without one, everything']],
  options: [
    ['--planted', 'only what it left that this machine would later run'],
    ['--json', 'for programs'],
  ],
  run: async ({ args, options, output, env }) => {
    const house = await loadStandingHouse(env, output.note)
    const { sessions } = createBox(house)
    if (options.planted) {
      if (args[0] === undefined) throw new CommandError('usage', 'Which session?', 'Give its name.')
      const session = await sessions.find(args[0])
      return await reportPlanted(house, session, output)
    }
    const client = createOwnerClient(house.paths.ownerSocket)
    const responder = await findResponder(client)
    const asks = responder === null ? [] : await client.asks(false)
    const found = args[0] === undefined ? await sessions.list({ all: true }) : [await sessions.find(args[0])]
    const rows = found.map((session) => ({
      ...describeSession(session, asks),
      doors: responder?.sessions.includes(session.id) ?? false,
      budgets: responder?.budgets.filter((one) => one.session === session.name) ?? [],
      door_states: doorsOf(session, responder),
      pending: asks.filter((ask) => ask.session === session.name),
    }))
    if (options.json) return output.json({ responder, sessions: rows })
    if (args[0] === undefined) {
      const pushes = responder?.pushes
      output.print(
        responder === null
          ? 'The responder does not run; rc server start starts it.'
          : `The responder runs (process ${responder.pid}), phone door at ${responder.phone_url ?? 'nowhere'}; pushes: ${pushes?.sent} sent, ${pushes?.failed} failed`,
      )
      for (const line of responder === null ? [] : aboutResponder(responder)) output.print(`  ${line}`)
      for (const one of responder?.budgets ?? [])
        if (!rows.some(({ name }) => name === one.session)) output.print(`  ${describeBudget(one)}`)
      if (rows.length === 0) output.print('There are no sessions.')
    }
    for (const row of rows) {
      output.print(`${output.paint('bold', row.name)}  ${row.state}, since ${row.since}`)
      output.print(`  workspace  ${row.workspace}`)
      output.print(`  container  ${row.container.slice(0, 12)}`)
      row.door_states.forEach(({ door, state, about }, at) => {
        const word = state === 'unwanted' ? 'not wanted' : state === 'silent' ? 'dead agent' : state
        output.print(
          `  ${at === 0 ? 'doors ' : '      '}     ${door.padEnd(6)}  ${word}${about === '' ? '' : `: ${about}`}`,
        )
      })
      for (const one of row.budgets) output.print(`  used up    ${describeBudget(one)}`)
      for (const ask of row.pending) output.print(`  ask        ${ask.id}  ${toOneLine(whatOf(ask))}`)
    }
  },
})
