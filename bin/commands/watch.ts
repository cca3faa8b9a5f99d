import { setTimeout as sleep } from 'node:timers/promises'
import { createOwnerClient, type OwnerClient } from '../../server/client.ts'
import { defineCommand } from '../cli/command.ts'
import { untilInterrupted } from '../cli/interrupt.ts'
import type { Output } from '../cli/output.ts'
import { loadHouse } from '../house/house.ts'
import { requirePerson } from '../house/require-person.ts'
import { ensureResponder, stopResponder } from '../house/running-responder.ts'

const EVERY_MS = 5 * 60_000

export const command = defineCommand({
  options: [
    ['--once', 'rings once more for what still waits, and ends: for cron'],
    ['--daemon', 'starts the responder, which is what rings; the same as rc server start'],
    ['--stop', 'stops the responder; the same as rc server stop'],
  ],
  notes:
    'Rings every five minutes for questions that nobody has answered, by the same rules of attention as the first time,\n' +
    'one push for a session. What has rung within five minutes is left alone.',
  run: async ({ options, output, env }) => {
    await requirePerson('rc watch', env)
    const house = await loadHouse(env)
    if (options.stop) {
      const wasThere = await stopResponder(house.paths)
      output.print(wasThere ? 'The responder has stopped.' : 'The responder does not run.')
      return
    }
    await ensureResponder(house.paths, env)
    const client = createOwnerClient(house.paths.ownerSocket)
    if (options.daemon) {
      output.print(`The responder runs (process ${(await client.status()).pid}).`)
      return
    }
    await remindOnce(client, output)
    if (options.once) return
    await untilInterrupted(async (signal) => {
      while (!signal.aborted) {
        await sleep(EVERY_MS, undefined, { signal }).catch(() => {})
        if (!signal.aborted) await remindOnce(client, output)
      }
    })
  },
})

async function remindOnce(client: Pick<OwnerClient, 'remind'>, { print, note }: Output): Promise<void> {
  const sessions = await client.remind()
  if (sessions.length === 0) note('Nothing waits.')
  for (const { session, waiting, rang } of sessions)
    print(
      `${session}: ${waiting} ${waiting === 1 ? 'waits' : 'wait'}, ${rang ? 'and it rang again' : 'and nothing rang now'}.`,
    )
}
