import { defineCommand } from '../cli/command.ts'
import { CommandError } from '../cli/errors.ts'
import { playDemo } from '../demo/play.ts'
import { createBox } from '../house/box.ts'
import { loadHouse } from '../house/house.ts'
import { prepareImage, prepareMachine } from '../sessions/prepare.ts'

export const command = defineCommand({
  options: [
    ['--answer <answer>', 'answer by itself: allow or deny'],
    ['-y, --yes', 'install what is missing without asking'],
  ],
  notes: 'Needs no account. Everything it makes is removed afterwards, except for the image.',
  run: async ({ options, output, env }) => {
    const { answer = null } = options
    if (answer !== null && answer !== 'allow' && answer !== 'deny') {
      throw new CommandError(
        'usage',
        `--answer is allow or deny, not ${answer}.`,
        'Leave it out to answer yourself.',
      )
    }
    const house = await loadHouse(env)
    const preparation = { house, box: createBox(house), output, yes: options.yes }
    await prepareMachine(preparation)
    await prepareImage(preparation)
    const interrupted = new AbortController()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort())
    try {
      await playDemo({ house, output, answer, signal: interrupted.signal })
    } catch (error) {
      if (!interrupted.signal.aborted) throw error
      output.note('Interrupted; everything was cleaned up.')
      return 130
    }
    return 0
  },
})
