import { resolve } from 'node:path'
import { parseAllowlist } from '../../container/egress/allowlist.ts'
import { imageClaudeVersion } from '../../container/image/build.ts'
import { NETWORK_MODES } from '../../container/options.ts'
import { untestedWarning } from '../../hooks/versions.ts'
import { createOwnerClient } from '../../server/client.ts'
import { defineCommand } from '../cli/command.ts'
import { CommandError } from '../cli/errors.ts'
import { createBox } from '../house/box.ts'
import { proxyNotices } from '../house/host-proxy.ts'
import { loadHouse } from '../house/house.ts'
import { ensureResponder } from '../house/running-responder.ts'
import { attachTo } from '../sessions/attach.ts'
import { pickFolder } from '../sessions/pick.ts'
import { imageRequest, prepareImage, prepareMachine } from '../sessions/prepare.ts'
import { networkNotices, startSession } from '../sessions/start.ts'
import { type FailedStart, watchStart } from '../sessions/watch-start.ts'

export const command = defineCommand({
  arguments: [['[dirs...]', 'folders to work in, one session each; without any, a picker']],
  options: [
    ['-p, --prompt <text>', "the session's first prompt"],
    ['-c, --continue', 'go on with the last conversation of that folder'],
    ['--resume <id>', 'go on with this conversation'],
    ['--name <name>', 'what to call the session'],
    ['--network <mode>', "this session's network, instead of the configured one", NETWORK_MODES],
    [
      '--allow <host...>',
      'a host or group that this session may reach too; again, or with commas, for several',
    ],
    ['--no-attach', 'leave it in the background'],
    ['-y, --yes', 'install what is missing without asking'],
  ],
  rest: 'arguments for Claude Code',
  run: async ({ args, options, rest, output, env }) => {
    const house = await loadHouse(env)
    for (const warning of house.warnings) output.note(`warning: ${warning}`)
    if (options.name !== undefined && args.length > 1) {
      throw new CommandError(
        'usage',
        'One name cannot be given to several sessions.',
        'Start them one by one.',
      )
    }
    const mode = NETWORK_MODES.find((one) => one === options.network) ?? house.config.network.mode
    const allow = options.allow ?? []
    parseAllowlist(allow)
    if (allow.length > 0 && mode !== 'allowlist') {
      throw new CommandError(
        'usage',
        `--allow means nothing with the network mode ${mode}.`,
        'Leave it out, or add --network allowlist.',
      )
    }
    const box = createBox(house)
    await prepareMachine({ house, box, output, yes: options.yes })
    const dirs = args.length > 0 ? args : [await pickFolder(house, box, output)]
    const [{ status }] = await Promise.all([
      ensureResponder(house.paths, env),
      prepareImage({ house, box, output, yes: options.yes }),
    ])
    const client = createOwnerClient(house.paths.ownerSocket)
    for (const notice of proxyNotices(status.proxy, env)) output.note(notice)
    const untested = untestedWarning(await imageClaudeVersion(imageRequest(house, box)))
    if (untested !== null) output.note(untested)

    const wanted = {
      claudeArgs: rest,
      network: { ...(options.network !== undefined && { mode }), allow },
      ...(options.name !== undefined && { name: options.name }),
      ...(options.prompt !== undefined && { prompt: options.prompt }),
      ...(options.continue && { continueLast: true }),
      ...(options.resume !== undefined && { resume: options.resume }),
    }
    const started: string[] = []
    const failures: FailedStart[] = []
    const attaches = dirs.length === 1 && options.attach && output.isTerminal
    for (const dir of dirs) {
      try {
        const { session, notices } = await startSession(house, box, { ...wanted, dir: resolve(dir) }, client)
        const about = networkNotices(session.options.network.mode)
        for (const notice of [...about, ...notices]) output.note(`${session.name}: ${notice}`)
        const hasPrompt = options.prompt !== undefined
        const failure = attaches ? null : await watchStart({ house, box, session, hasPrompt })
        if (failure !== null) {
          failures.push(failure)
          continue
        }
        output.print(
          `${output.paint('bold', session.name)} is running in a locked container (network: ${session.options.network.mode})`,
        )
        started.push(session.name)
      } catch (error) {
        const running = runningAlready(error)
        if (running === null) throw error
        const given = GIVEN.filter((name) => isGiven(options[name])).map(toFlag)
        if (given.length > 0 || rest.length > 0) throw notFollowed(running, given)
        output.note(`${running} is running already.`)
        started.push(running)
      }
    }
    if (house.config.notifications.enabled && status.push_services.length === 0) {
      output.note(`No push service is set up: asks are at ${status.phone_url ?? 'the desk'} and in rc asks.`)
    }
    for (const { session, message } of failures) await client.startFailed(session, message)
    const last = failures.pop()
    for (const { message } of failures) output.complain(message)
    if (last !== undefined) throw last
    const [only] = started
    return only === undefined || !attaches ? 0 : await attachTo(box, only)
  },
})

/** Options that say something about a session that is to be started. */
const GIVEN = ['prompt', 'continue', 'resume', 'name', 'network', 'allow'] as const

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false
}

function toFlag(name: string): string {
  return `--${name}`
}

function notFollowed(running: string, given: readonly string[]): CommandError {
  const what = given.length > 0 ? given.join(' and ') : 'the arguments for Claude'
  return new CommandError(
    'already-running',
    `${running} is running already, so ${what} could not be followed and nothing was done.`,
    `Type it there with rc attach ${running}, or end that session first with rc kill ${running}.`,
  )
}

function runningAlready(error: unknown): string | null {
  const { code, session } = error as { code?: string; session?: { name: string } }
  return code === 'already-running' && session !== undefined ? session.name : null
}
