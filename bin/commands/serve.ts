import { defineCommand } from '../command.ts'
import { createBox, createHouseResponder, loadHouse } from '../compose.ts'
import { createLog } from '../log.ts'

export const command = defineCommand({
  notes: 'Its log goes to stderr, one JSON object a line. rc server start runs it in the background.',
  run: async ({ env, output }) => {
    const house = await loadHouse(env)
    const log = createLog((line) => output.note(line))
    for (const warning of house.warnings) log('warn', warning)
    const stopped = Promise.withResolvers<void>()
    const responder = createHouseResponder(house, {
      box: createBox(house, log),
      log,
      onStop: stopped.resolve,
    })
    const { phoneUrl } = await responder.start()
    log('info', 'the responder is up', { phone: phoneUrl, pid: process.pid })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => stopped.resolve())
    await stopped.promise
    await responder.stop()
    log('info', 'the responder has stopped')
  },
})
