import { confirm, isCancel } from '@clack/prompts'
import { renderUnicodeCompact } from 'uqr'
import { createOwnerClient } from '../../server/client.ts'
import { defineCommand } from '../cli/command.ts'
import { CommandError } from '../cli/errors.ts'
import { loadHouse } from '../house/house.ts'
import { requirePerson } from '../house/require-person.ts'
import { ensureResponder } from '../house/running-responder.ts'
import { waitForDevice } from '../pair/wait.ts'

export const command = defineCommand({
  options: [
    ['--code', 'six signs to be typed, for an app on the home screen, instead of a link'],
    ['-y, --yes', 'pair whatever browser comes with it, without a question'],
  ],
  notes:
    'A paired device sees what waits in all sessions, and may answer it. The link is good once, for five minutes.',
  run: async ({ options, output, env }) => {
    await requirePerson('rc pair', env)
    const house = await loadHouse(env)
    for (const warning of house.warnings) output.note(`warning: ${warning}`)
    if (!options.yes && process.stdin.isTTY !== true)
      throw new CommandError(
        'usage',
        'Nobody can say yes here: this is no terminal.',
        'Run rc pair in a terminal, or with --yes, which takes whatever browser comes.',
      )
    await ensureResponder(house.paths, env)
    const client = createOwnerClient(house.paths.ownerSocket)
    const { phone_url: url } = await client.status()
    if (url === null) throw new CommandError('no-phone-door', 'The phone door is not open.', 'See rc status.')
    const { secret } = await client.beginPairing(options.code ? 'code' : 'link')
    const stop = new AbortController()
    const interrupt = () => stop.abort()
    process.once('SIGINT', interrupt)
    try {
      if (options.code) {
        output.print(`On ${url}/pair type, within 2 minutes:`)
        output.print(`    ${output.paint('bold', secret)}`)
      } else {
        output.print('Open this on your phone, within 5 minutes:')
        output.print(`    ${output.paint('cyan', `${url}/pair/${secret}`)}`)
        if (output.isTerminal) output.draw(`${renderUnicodeCompact(`${url}/pair/${secret}`)}\n`)
      }
      output.note('Waiting for the device …')
      const device = await waitForDevice({
        ...{ client, signal: stop.signal },
        confirm: async (name) => options.yes || (await isWanted(name)),
      })
      output.print(`${device} is paired: ${url}/ shows it what waits. rc devices lists it.`)
    } catch (error) {
      await client.cancelPairing()
      throw error
    } finally {
      process.removeListener('SIGINT', interrupt)
    }
  },
})

async function isWanted(name: string): Promise<boolean> {
  const said = await confirm({ message: `Pair ${name}?`, initialValue: false, output: process.stderr })
  return !isCancel(said) && said
}
