import { hostname } from 'node:os'
import { readHostProxy } from '../../container/egress/host-proxy.ts'
import { LEVELS, type Level } from '../../server/attention/decide.ts'
import { PRIORITIES, type Priority } from '../../server/attention/priority.ts'
import { createOwnerClient } from '../../server/client.ts'
import type { Push, PushService } from '../../server/ports.ts'
import { createPushServices } from '../../server/push/create.ts'
import { notificationOptions } from '../../server/push/options.ts'
import { brief } from '../../server/text/preview.ts'
import { defineCommand } from '../cli/command.ts'
import { CommandError } from '../cli/errors.ts'
import { untilInterrupted } from '../cli/interrupt.ts'
import { toPushProxy } from '../house/host-proxy.ts'
import { type House, loadHouse } from '../house/house.ts'
import { clock } from '../house/ports.ts'
import { requirePerson } from '../house/require-person.ts'
import { ensureResponder } from '../house/running-responder.ts'
import { testWithTap } from '../notify/interactive.ts'
import { describeMood } from '../notify/mood.ts'
import { sendThrough } from '../notify/send.ts'
import { toInstant, toSpan } from '../notify/times.ts'

/** What a question that is a test may wait, in milliseconds. */
const LEAST_MS = 1_000
const MOST_MS = 24 * 60 * 60_000
/** Longest text of a push, in characters; services with a smaller limit shorten it further. */
const LONGEST = 900

export const command = defineCommand({
  arguments: [],
  options: [
    ['-t, --title <title>', 'what it is about'],
    ['-m, --message <text>', 'the text'],
    ['-p, --priority <priority>', 'how loudly', PRIORITIES],
    ['--service <name>', 'only through this one'],
    ['--webhook-url <url>', 'through this webhook instead of what is set up'],
    ['--test', 'a push to every service, and what each of them says'],
    ['--interactive', 'a question with buttons, to try the way there and back'],
    ['-s, --session <name>', 'with --interactive: the session that it names'],
    ['--timeout <span>', 'with --interactive: how long it waits for the tap; 5m unless given'],
    ['--snooze <span>', 'nothing rings for so long, such as 30m; off ends it'],
    ['--level <level>', 'what may ring', LEVELS],
    ['--until <time>', 'with --level: until then, such as 18:00 or 2h'],
  ],
  notes:
    'A push that you send yourself always leaves: snooze, level and quiet hours are for what sessions want.\n' +
    'What waits meanwhile rings afterwards, unless it has been answered.',
  run: async ({ options, output, env }) => {
    const house = await loadHouse(env)
    for (const warning of house.warnings) output.note(`warning: ${warning}`)
    if (options.snooze !== undefined || options.level !== undefined) {
      await requirePerson('rc notify', env)
      await ensureResponder(house.paths, env)
      const client = createOwnerClient(house.paths.ownerSocket)
      const until = options.until === undefined ? null : toInstant(options.until, clock.now())
      const mood =
        options.level === undefined
          ? await client.snooze(toSpan(options.snooze ?? 'off'))
          : await client.setLevel(options.level as Level, until)
      output.print(describeMood(mood) ?? 'Everything rings.')
      return 0
    }
    if (options.interactive) {
      await requirePerson('rc notify --interactive', env)
      if (!house.config.notifications.enabled) throw noService(OFF)
      const forMs = toSpan(options.timeout ?? '5m')
      if (forMs < LEAST_MS || forMs > MOST_MS)
        throw new CommandError('usage', '--timeout takes from 1s to 1d.', 'Give one such as 5m.')
      await ensureResponder(house.paths, env)
      const client = createOwnerClient(house.paths.ownerSocket)
      // Paired browsers are among them, which stand in no configuration.
      const { push_services: names } = await client.status()
      pick(
        names.map((name) => ({ name })),
        options.service,
      )
      const wanted = {
        name: options.session ?? hostname(),
        isSession: options.session !== undefined,
        only: options.service,
        forMs,
      }
      await untilInterrupted((signal) => testWithTap({ client, signal }, wanted, output))
      return 0
    }
    if (options.until !== undefined)
      throw new CommandError(
        'usage',
        '--until is for --level.',
        'Say what may ring until then: --level urgent.',
      )
    if (!options.test && options.message === undefined && options.title === undefined)
      throw new CommandError('usage', 'There is nothing to send.', 'Give -t, -m or both, or --test.')
    const push = toPush(
      options.test ? 'A test of Remote Claude' : (options.title ?? `A word from ${hostname()}`),
      options.test ? `Sent from ${hostname()} by rc notify --test.` : (options.message ?? ''),
      (options.priority ?? 'default') as Priority,
    )
    const sent = await sendThrough(pick(servicesOf(house, options.webhookUrl), options.service), push, output)
    return sent.some(({ error }) => error !== null) ? 1 : 0
  },
})

function toPush(title: string, message: string, priority: Priority): Push {
  const text = brief(message, LONGEST)
  const plain = { ask: null, session: hostname(), url: null, urlTitle: null, ttlSeconds: null, buttons: [] }
  return { ...plain, title: brief(title, LONGEST), message: text || '(no text)', priority }
}

/** Throws `no-service` where none is set up, or all are off. */
function servicesOf({ config, env }: House, webhook: string | undefined): PushService[] {
  const given = webhook === undefined ? null : notificationOptions.safeParse({ webhook_url: webhook })
  if (given?.success === false) {
    // What a service says of an address of its own says more.
    const own = given.error.issues.find(({ code }) => code === 'custom')?.message
    if (own !== undefined)
      throw new CommandError('usage', `--webhook-url should be ${own}.`, 'rc config path names the file.')
    const message = `${webhook} is not the address of a webhook.`
    throw new CommandError('usage', message, 'Give one with http or https.')
  }
  const settings = given?.data ?? config.notifications
  const services = createPushServices({ settings, proxy: toPushProxy(readHostProxy(env)), clock })
  if (services.length > 0) return services
  throw noService(settings.enabled ? NONE : OFF)
}

const OFF = 'Notifications are off: notifications.enabled is false.'
const NONE = 'No push service is set up.'

function noService(why: string): CommandError {
  return new CommandError(
    'no-service',
    why,
    'rc config path names the file; docs/push.md says what each service needs.',
  )
}

/** Throws `no-service` where there is none, or none of that name. */
function pick<T extends { name: string }>(services: readonly T[], name: string | undefined): T[] {
  const picked = services.filter((one) => name === undefined || one.name === name)
  if (picked.length > 0) return picked
  if (services.length === 0) throw noService(NONE)
  const names = services.map((one) => one.name).join(', ')
  throw new CommandError('no-service', `No push service ${name} is set up.`, `There are: ${names}.`)
}
