import { createOwnerClient } from '../../server/client.ts'
import { ownPaths } from '../../setup/paths.ts'
import { defineCommand } from '../cli/command.ts'
import { CommandError } from '../cli/errors.ts'
import { requirePerson } from '../house/require-person.ts'

export const command = defineCommand({
  arguments: [
    ['[action]', 'what to do; without it they are listed', ['revoke']],
    ['[name]', 'one of them, or letters from the beginning or end of its name'],
  ],
  options: [
    ['--all', 'with revoke: every one'],
    ['--json', 'for programs'],
  ],
  notes: 'A device that is revoked may do nothing from that moment on, and its open pages end.',
  run: async ({ args: [action, name], options, output, env }) => {
    const client = createOwnerClient(ownPaths(env).ownerSocket)
    if (action === undefined) {
      const devices = await client.devices()
      if (options.json) output.json(devices)
      else if (devices.length === 0) output.note('No device is paired. rc pair pairs one.')
      else
        output.table(
          ['NAME', 'PAIRED', 'SEEN'],
          devices.map((one) => [one.name, timeOf(one.createdAt), timeOf(one.seenAt)]),
        )
      return
    }
    if ((name === undefined) === !options.all)
      throw new CommandError('usage', 'Which device?', 'rc devices revoke NAME, or rc devices revoke --all.')
    await requirePerson('rc devices revoke', env)
    const gone = name === undefined ? await client.revokeDevices() : await client.revokeDevice(name)
    if (gone.length === 0) output.note('No device was paired.')
    for (const one of gone) output.print(`${one.name} is revoked.`)
  },
})

function timeOf(instant: number): string {
  return new Date(instant).toLocaleString()
}
