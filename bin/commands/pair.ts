import { confirm, isCancel } from '@clack/prompts'
import { renderUnicodeCompact } from 'uqr'
import { whoOf } from '../../server/asks/outcome-words.ts'
import { createOwnerClient } from '../../server/client.ts'
import { defineCommand } from '../cli/command.ts'
import { CommandError } from '../cli/errors.ts'
import { untilInterrupted } from '../cli/interrupt.ts'
import type { Output } from '../cli/output.ts'
import { loadHouse } from '../house/house.ts'
import { requirePerson } from '../house/require-person.ts'
import { ensureResponder } from '../house/running-responder.ts'
import { secondsOf, waitForAnswer } from '../notify/interactive.ts'
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
    await untilInterrupted(async (signal) => {
      try {
        showWay(output, { url, secret, isCode: options.code })
        output.note('Waiting for the device …')
        const confirm = async (name: string) => options.yes || (await isWanted(name))
        const device = await waitForDevice({ client, signal, confirm })
        output.print(`${device} is paired. All of them: rc devices.`)
        if (options.yes) return
        const { id } = await client.test({ name: 'this machine', forMs: TRIAL_MS, isSilent: true })
        output.note('A question is on its page now, for a try: answer it there. Waiting …')
        const answered = await waitForAnswer({ client, id, forMs: TRIAL_MS, signal })
        output.print(`It works: ${whoOf(answered)} answered after ${secondsOf(answered)} s.`)
      } catch (error) {
        await client.cancelPairing()
        throw error
      }
    })
  },
})

/** How long the question at the end waits, in milliseconds. */
const TRIAL_MS = 5 * 60_000

type Way = { url: string; secret: string; isCode: boolean }

function showWay(output: Output, { url, secret, isCode }: Way): void {
  if (isCode) {
    output.print(`On ${url}/pair type, within 2 minutes:`)
    output.print(`    ${output.paint('bold', secret)}`)
    return
  }
  output.print('Open this on your phone, within 5 minutes:')
  output.print(`    ${output.paint('cyan', `${url}/pair/${secret}`)}`)
  if (output.isTerminal) output.draw(`${renderUnicodeCompact(`${url}/pair/${secret}`)}\n`)
}

async function isWanted(name: string): Promise<boolean> {
  const said = await confirm({ message: `Pair ${name}?`, initialValue: false, output: process.stderr })
  return !isCancel(said) && said
}
