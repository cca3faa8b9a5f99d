import { setTimeout as sleep } from 'node:timers/promises'
import { createOwnerClient, type OwnerClient } from '../../server/client.ts'
import { ownPaths } from '../../setup/paths.ts'
import { defineCommand } from '../cli/command.ts'
import { CommandError } from '../cli/errors.ts'
import { untilInterrupted } from '../cli/interrupt.ts'
import type { Output } from '../cli/output.ts'
import { requirePerson } from '../house/require-person.ts'
import { ensureResponder, stopResponder } from '../house/running-responder.ts'
import { describeReminder, keepReminding } from '../notify/reminders.ts'

const EVERY_MS = 5 * 60_000

export const command = defineCommand({
  options: [
    ['--once', 'rings once more for what still waits, and ends: for cron'],
    ['--daemon', 'starts the responder, which is what rings; the same as rc server start'],
    ['--stop', 'stops the responder; the same as rc server stop'],
  ],
  notes:
    'Rings every five minutes for questions that nobody has answered, by the same rules of attention as the first time,\n' +
    'one push for a session. What has rung within four minutes is left alone.',
  run: async ({ options, output, env }) => {
    if ([options.once, options.daemon, options.stop].filter(Boolean).length > 1)
      throw new CommandError('usage', '--once, --daemon and --stop do not go together.', 'Give one of them.')
    const paths = ownPaths(env)
    await requirePerson('rc watch', env)
    if (options.stop) {
      const wasThere = await stopResponder(paths)
      output.print(wasThere ? 'The responder has stopped.' : 'The responder does not run.')
      return 0
    }
    if (options.daemon) {
      const { status } = await ensureResponder(paths, env)
      output.print(`The responder runs (process ${status.pid}).`)
      return 0
    }
    const round = async () => {
      await ensureResponder(paths, env)
      return await remindOnce(createOwnerClient(paths.ownerSocket), output)
    }
    if (options.once) return await round()
    await untilInterrupted((signal) =>
      keepReminding({
        ...{ round, signal },
        pause: () => sleep(EVERY_MS, undefined, { signal }),
        failed: ({ message }) => output.note(message),
      }),
    )
    return 0
  },
})

/** 1 where a push should have left and no service took it, so that cron tells. */
async function remindOnce(client: Pick<OwnerClient, 'remind'>, { print, note }: Output): Promise<number> {
  const sessions = await client.remind()
  if (sessions.length === 0) note('Nothing waits.')
  for (const one of sessions) print(describeReminder(one))
  return sessions.some(({ rang, failed }) => rang.length === 0 && failed.length > 0) ? 1 : 0
}
