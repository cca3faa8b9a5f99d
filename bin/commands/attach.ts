import { defineCommand } from '../cli/command.ts'
import { createBox } from '../house/box.ts'
import { loadStandingHouse } from '../house/house.ts'
import { attachTo } from '../sessions/attach.ts'
import { pickSession } from '../sessions/pick.ts'
import { reportPlanted } from '../sessions/report-planted.ts'

export const command = defineCommand({
  arguments: [['[session]', 'its name, or the beginning of it; without one, a picker']],
  notes: 'Detach with Ctrl-b d; the session goes on.',
  run: async ({ args, output, env }) => {
    const house = await loadStandingHouse(env, output.note)
    const box = createBox(house)
    const session =
      args[0] === undefined
        ? await pickSession(await box.sessions.list({ all: true }), output)
        : await box.sessions.find(args[0])
    await reportPlanted(house, session, output)
    await box.sessions.ensurePane(session)
    return await attachTo(box, session.name)
  },
})
