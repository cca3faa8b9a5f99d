/** Asks before a Claude is ended that may be in the middle of something. */
import { confirm, isCancel } from '@clack/prompts'
import { CommandError } from '../cli/errors.ts'

/** Resolves with a Yes. Throws `cancelled` without one, and `still-running` where nobody can be asked. */
export async function askToEnd(names: readonly string[], question: string): Promise<void> {
  const what = names.join(', ')
  if (process.stdin.isTTY !== true) {
    throw new CommandError('still-running', `Claude still runs in ${what}.`, 'Add -f to end it all the same.')
  }
  const yes = await confirm({
    message: `Claude still runs in ${what}. ${question}`,
    initialValue: false,
    output: process.stderr,
  })
  if (isCancel(yes) || !yes) throw new CommandError('cancelled', 'Nothing was ended.', 'Nothing was changed.')
}
