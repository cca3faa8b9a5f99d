import { defineCommand } from '../cli/command.ts'
import { createBox } from '../house/box.ts'
import { loadHouse } from '../house/house.ts'
import { createLogLimit } from '../house/log-file.ts'
import { createLog } from '../house/ports.ts'
import { createHouseResponder } from '../house/responder.ts'
import { watchFile } from '../house/watch-file.ts'

export const command = defineCommand({
  notes: 'Its log goes to stderr, one JSON object a line. rc server start runs it in the background.',
  run: async ({ env, output }) => {
    const house = await loadHouse(env)
    const limit = createLogLimit(house.paths.responderLog)
    const log = createLog((line) => {
      limit(line)
      output.note(line)
    })
    for (const warning of house.warnings) log('warn', warning)
    const stopped = Promise.withResolvers<void>()
    const lost = Promise.withResolvers<'lost'>()
    const responder = createHouseResponder(house, {
      box: createBox(house, log),
      log,
      onStop: stopped.resolve,
    })
    const { phoneUrl } = await responder.start()
    log('info', 'the responder is up', { phone: phoneUrl, pid: process.pid })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => stopped.resolve())
    const looking = watchFile(house.paths.ownerSocket, () => lost.resolve('lost'))
    const end = await Promise.race([stopped.promise, lost.promise])
    clearInterval(looking)
    if (end === 'lost') {
      log('error', 'the state folder was removed, so nobody reaches this responder any more; it ends')
      // Another responder may have the same paths by now, and to close a socket is to remove the file of that name.
      return 1
    }
    await responder.stop()
    log('info', 'the responder has stopped')
    return 0
  },
})
