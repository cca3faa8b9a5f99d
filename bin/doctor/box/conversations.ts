/** Fills the folder of a session's conversations, which is on the host's disk, and looks how far that goes. */
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { sessionFolders } from '../../../container/places.ts'
import { type AttemptReport, escaped, notTried, stopped } from './hostile/attempt.ts'
import { callInside } from './inside.ts'
import type { Stage } from './stage.ts'

const FILL = 'cd ~/.claude/projects/* && head -c 8G /dev/zero > fill'
/** Well beyond the limit and what can be written between two looks. */
const MOST_MB = 4096
const PATIENCE_MS = 15_000

export async function tryFilling({ house, box, start }: Stage): Promise<AttemptReport> {
  const session = await start('fill', {})
  const { conversations } = sessionFolders(house.paths.stateDir, session.id)
  const filling = callInside({ house, box, session }, ['sh', '-c', FILL]).then(
    () => 'all of it was written',
    () => null,
  )
  const waitForEnd = async () => {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(100))
      if ((await box.sessions.find(session.name)).state === 'exited') return true
    return false
  }
  let mostMb = 0
  const timer = setInterval(async () => {
    const { stdout } = await execa('du', ['-sm', conversations], { reject: false })
    mostMb = Math.max(mostMb, Number.parseInt(stdout, 10) || 0)
  }, 200)
  const whole = await filling.finally(() => clearInterval(timer))
  const isEnded = await waitForEnd()
  await box.sessions.kill(session)
  const report = {
    id: 'fill-conversations',
    group: 'exhaustion',
    tried: "filling the host's disk with transcripts",
  }
  if (whole !== null || mostMb > MOST_MB)
    return { ...report, ...escaped(whole ?? `${mostMb} MB were written`) }
  return isEnded
    ? { ...report, ...stopped(`the session was ended at ${mostMb} MB`) }
    : { ...report, ...notTried('the program that writes ended by itself') }
}
