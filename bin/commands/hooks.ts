import { HOOK_EVENTS } from '../../hooks/events/index.ts'
import { defineCommand } from '../cli/command.ts'
import { CommandError } from '../cli/errors.ts'
import { checkEvents } from '../hooks/block.ts'
import { installInGuest, uninstallFromGuest } from '../hooks/guest.ts'
import { installOnHost } from '../hooks/install.ts'
import { writePlugin } from '../hooks/plugin.ts'
import { SCOPES, toScope } from '../hooks/scope.ts'
import { showStatus } from '../hooks/status.ts'
import { tryHooks } from '../hooks/try.ts'
import { uninstallFromHost } from '../hooks/uninstall.ts'
import { loadHouse, loadStandingHouse } from '../house/house.ts'
import { requirePerson } from '../house/require-person.ts'

/** They decide whether a person is asked at all; a test answers its own question. */
const CHANGES: ReadonlySet<string> = new Set(['install', 'uninstall', 'test'])
const FOR_CONTAINERS: ReadonlySet<string> = new Set(['install', 'uninstall'])
const STANDING: ReadonlySet<string> = new Set(['uninstall', 'status'])
const ACTIONS = ['install', 'uninstall', 'status', 'test', 'plugin'] as const

export const command = defineCommand({
  arguments: [['<action>', 'install, uninstall, status, test or plugin', ACTIONS]],
  options: [
    ['--user', 'in your own settings, for every project; what is meant where nothing is said'],
    ['--project', 'in .claude/settings.json of this folder'],
    ['--local', 'in .claude/settings.local.json of this folder'],
    ['--events <event...>', 'only these hook events'],
    ['--all-tools', 'also tell of every tool call before it runs; costs a process each'],
    ['--container <name>', 'in a running container of your own'],
    ['--transport <way>', 'how that container reaches us', ['gate', 'tcp']],
    ['--as <user>', 'whom Claude runs as in that container'],
    ['--json', 'with status: for programs'],
  ],
  notes:
    `Hooks bring the questions of a Claude Code that rc did not start to your phone: ${HOOK_EVENTS.length - 1} events, see\n` +
    'docs/hooks.md. install keeps everything else in the settings as it is; uninstall gives the file back as it was.\n' +
    'test ends with 1 where something is wrong, with 3 where nothing is, but no Claude here has shown that it runs them.\n' +
    'plugin prints a folder for: claude --plugin-dir "$(rc hooks plugin)".',
  run: async ({ args, options, output, env }) => {
    // What ends or shows needs no valid file.
    const stands = STANDING.has(args[0] ?? '')
    const house = await (stands ? loadStandingHouse(env, output.note) : loadHouse(env))
    if (!stands) for (const warning of house.warnings) output.note(`warning: ${warning}`)
    const scope = toScope(options)
    // Before anything is begun.
    checkEvents(options.events)
    const folder = process.cwd()
    const wanted = {
      allTools: options.allTools,
      ...(options.events !== undefined && { events: options.events }),
    }
    const { container } = options
    if (CHANGES.has(args[0] ?? '')) await requirePerson(`rc hooks ${args[0]}`, env)
    if (container !== undefined && SCOPES.some((one) => one !== 'user' && options[one]))
      throw new CommandError(
        'usage',
        'In a container the hooks go into the settings of its user.',
        'Leave out --project and --local.',
      )
    if (container === undefined && (options.transport !== undefined || options.as !== undefined))
      throw new CommandError(
        'usage',
        '--transport and --as are for --container.',
        'Leave them out, or name one.',
      )
    if (container !== undefined && !FOR_CONTAINERS.has(args[0] ?? ''))
      throw new CommandError(
        'usage',
        `--container is for ${[...FOR_CONTAINERS].join(' and ')}.`,
        'Leave it out; rc hooks status looks into every container that has hooks of ours.',
      )
    switch (args[0] as (typeof ACTIONS)[number]) {
      case 'install':
        if (container === undefined) await installOnHost(house, { scope, folder, output, ...wanted })
        else await installInGuest(house, { container, output, wanted, ...guestOptions(options) })
        return 0
      case 'uninstall':
        if (container === undefined) await uninstallFromHost(house, { scope, folder, output })
        else await uninstallFromGuest(house, { container, output })
        return 0
      case 'status':
        return await showStatus(house, { folder, output, json: options.json })
      case 'test':
        return await tryHooks(house, { scope, folder, output })
      case 'plugin':
        output.print(await writePlugin(house, wanted))
        return 0
    }
  },
})

function guestOptions({ transport, as: user }: { transport?: string; as?: string }) {
  return {
    transport: transport === 'tcp' ? ('tcp' as const) : ('gate' as const),
    ...(user !== undefined && { user }),
  }
}
