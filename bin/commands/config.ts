import { stringify } from 'yaml'
import { PUSH_SERVICES } from '../../server/push/services/index.ts'
import { recognitionsIn } from '../../server/push/set-up.ts'
import { loadConfig } from '../../setup/config/config.ts'
import { maskSecrets } from '../../setup/config/secrets.ts'
import { ownPaths } from '../../setup/paths.ts'
import { defineCommand } from '../cli/command.ts'
import { requirePerson } from '../house/require-person.ts'

export const command = defineCommand({
  arguments: [['<action>', 'path, show or check', ['path', 'show', 'check']]],
  options: [['--json', 'for programs']],
  notes: [
    'path   where the file is, whether it exists or not',
    'show   every setting with its value, secrets masked',
    'check  nothing but what is wrong, with its line; exits 1 then',
  ].join('\n'),
  run: async ({ args, options, output, env }) => {
    const { configFile } = ownPaths(env)
    if (args[0] === 'path') {
      if (options.json) output.json({ path: configFile })
      else output.print(configFile)
      return
    }
    // Over some of what it shows answers come, such as a topic that anybody may read who knows its name.
    if (args[0] === 'show') await requirePerson('rc config show', env)
    const { config, warnings } = await loadConfig(configFile, env)
    for (const warning of warnings) output.note(`warning: ${warning}`)
    if (args[0] === 'check') {
      const notes = recognitionsIn(config.notifications, PUSH_SERVICES)
      if (options.json) output.json({ ok: true, warnings, notes })
      else output.print([...notes, `${configFile}: all is well.`].join('\n'))
      return
    }
    const shown = maskSecrets(config)
    if (options.json) output.json(shown)
    else output.print(stringify(shown, { lineWidth: 0 }).trimEnd())
  },
})
