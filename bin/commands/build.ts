import { defineCommand } from '../cli/command.ts'
import { createBox } from '../house/box.ts'
import { loadHouse } from '../house/house.ts'
import { imageRequest, prepareMachine, runBuild } from '../sessions/prepare.ts'

export const command = defineCommand({
  options: [
    ['--refresh', 'fetch everything again, the base image too'],
    ['--base <image>', 'the image to build on, instead of docker.base_image'],
    ['--claude-version <version>', 'an exact version, instead of docker.claude_version'],
    ['-y, --yes', 'install what is missing without asking'],
  ],
  run: async ({ options, output, env }) => {
    const house = await loadHouse(env)
    for (const warning of house.warnings) output.note(`warning: ${warning}`)
    const box = createBox(house)
    await prepareMachine({ house, box, output, yes: options.yes })
    const request = imageRequest(house, box)
    await runBuild(
      { house, box, output, yes: options.yes },
      {
        ...request,
        refresh: options.refresh,
        chosen: {
          ...(options.base !== undefined && { base: options.base }),
          ...(options.claudeVersion !== undefined && { claudeVersion: options.claudeVersion }),
        },
      },
    )
    output.print(`${request.tag} is built.`)
  },
})
