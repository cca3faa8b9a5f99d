import { createOwnerClient } from '../../server/client.ts'
import { askToEnd } from '../ask-to-end.ts'
import { defineCommand } from '../command.ts'
import { createBox, loadHouse } from '../compose.ts'
import { proxyNotices } from '../host-proxy.ts'
import { prepareImage } from '../prepare.ts'
import { reportPlanted } from '../report-planted.ts'
import { ensureResponder } from '../responder.ts'
import { networkNotices, restartSession } from '../start-session.ts'

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
    const { containerId, network, notices } = await restartSession(house, box, session, {
      continueLast: options.continue,
      inPane: options.inPane,
      responder: createOwnerClient(house.paths.ownerSocket),
    })
    for (const notice of [...networkNotices(network.mode), ...notices])
      output.note(`${session.name}: ${notice}`)
    output.print(
      options.inPane ? containerId : `${session.name} was started afresh (network: ${network.mode})`,
    )
  },
})
