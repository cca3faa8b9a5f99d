import { defineCommand } from '../cli/command.ts'
import { VERSION } from '../version.ts'

export const command = defineCommand({
  options: [['--json', 'for programs']],
  run: async ({ options, output }) => {
    if (options.json) output.json({ version: VERSION, node: process.versions.node })
    else output.print(VERSION)
  },
})
