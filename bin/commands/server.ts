import { createOwnerClient } from '../../server/client.ts'
import type { ResponderStatus } from '../../server/owner-views.ts'
import { loadConfig } from '../../setup/config/config.ts'
import { ownPaths } from '../../setup/paths.ts'
import { defineCommand } from '../cli/command.ts'
import { requirePerson } from '../house/require-person.ts'
import { ensureResponder, findResponder, stopResponder } from '../house/running-responder.ts'
import { aboutResponder } from '../sessions/door-states.ts'

export const command = defineCommand({
  arguments: [['<action>', 'start, stop, restart or status', ['start', 'stop', 'restart', 'status']]],
  options: [['--json', 'for programs']],
  notes: 'rc start starts the responder by itself. It writes to responder.log in the state folder.',
  run: async ({ args, options, output, env }) => {
    const paths = ownPaths(env)
    if (args[0] === 'stop' || args[0] === 'restart') await requirePerson(`rc server ${args[0]}`, env)
    // One that runs is not ended for one that could not start.
    if (args[0] === 'restart') {
      await loadConfig(paths.configFile, env)
      await stopResponder(paths)
    }
    if (args[0] === 'start' || args[0] === 'restart') {
      const { status, started } = await ensureResponder(paths, env)
      if (options.json) output.json({ running: true, started, ...status })
      else output.print(`${started ? 'Started' : 'Runs already'}: ${describe(status)}`)
      return 0
    }
    if (args[0] === 'stop') {
      const stopped = await stopResponder(paths)
      if (options.json) output.json({ running: false, stopped })
      else output.print(stopped ? 'The responder has stopped.' : 'No responder is running.')
      return 0
    }
    const status = await findResponder(createOwnerClient(paths.ownerSocket))
    if (options.json) output.json({ running: status !== null, ...status })
    else if (status === null) output.print('No responder is running. rc server start starts one.')
    else output.print(describeAll(status))
    return status === null ? 1 : 0
  },
})

function describe({ pid, phone_url }: ResponderStatus): string {
  const phone = phone_url === null ? 'no phone door' : `phone door at ${phone_url}`
  return `process ${pid}, ${phone}`
}

function describeAll(status: ResponderStatus): string {
  const { sent, failed, lastError } = status.pushes
  const services = status.push_services.length === 0 ? 'none set up' : status.push_services.join(', ')
  return [
    `The responder runs: ${describe(status)}`,
    `since     ${new Date(status.started_at).toLocaleString()}, version ${status.version}`,
    `sessions  ${status.sessions.length === 0 ? 'none' : status.sessions.join(', ')}`,
    ...aboutResponder(status),
    `asks      ${status.pending} waiting`,
    `pushes    ${services}; ${sent} sent, ${failed} failed${lastError === null ? '' : `, last: ${lastError}`}`,
  ].join('\n')
}
