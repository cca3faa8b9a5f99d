import { createOwnerClient } from '../../server/client.ts'
import { defineCommand } from '../cli/command.ts'
import { createBox } from '../house/box.ts'
import { proxyNotices } from '../house/host-proxy.ts'
import { loadHouse } from '../house/house.ts'
import { ensureResponder } from '../house/running-responder.ts'
import { askToEnd } from '../sessions/ask-to-end.ts'
import { prepareImage } from '../sessions/prepare.ts'
import { reportPlanted } from '../sessions/report-planted.ts'
import { networkNotices, restartSession } from '../sessions/start.ts'
import { watchStart } from '../sessions/watch-start.ts'

export const command = defineCommand({
  arguments: [['<session>', 'its name, or the beginning of it']],
  options: [
    ['-c, --continue', 'go on with the last conversation'],
    ['-f, --force', 'without asking, even while Claude runs'],
    ['--in-pane', 'for the pane itself: print the new container and leave the pane alone'],
  ],
  run: async ({ args, options, output, env }) => {
    const house = await loadHouse(env)
    const box = createBox(house)
    const session = await box.sessions.find(args[0] ?? '')
    if (session.state === 'running' && !options.force && !options.inPane)
      await askToEnd([session.name], 'End it, and start it afresh?')
    await reportPlanted(house, session, output)
    await prepareImage({ house, box, output, yes: false })
    const { status } = await ensureResponder(house.paths, env)
    for (const notice of proxyNotices(status.proxy, env)) output.note(notice)
    const client = createOwnerClient(house.paths.ownerSocket)
    const { containerId, network, notices } = await restartSession(house, box, session, {
      continueLast: options.continue,
      inPane: options.inPane,
      responder: client,
    })
    for (const notice of [...networkNotices(network.mode), ...notices])
      output.note(`${session.name}: ${notice}`)
    const failure = options.inPane ? null : await watchStart({ house, box, session, hasPrompt: false })
    if (failure !== null) {
      await client.startFailed(session.name, failure.message)
      throw failure
    }
    output.print(
      options.inPane ? containerId : `${session.name} was started afresh (network: ${network.mode})`,
    )
  },
})
