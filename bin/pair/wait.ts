/** Waits at the desk for the browser that comes with a pairing, and asks about it. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { OwnerClient } from '../../server/client.ts'
import { CommandError } from '../cli/errors.ts'

const LOOK_MS = 500

type Parts = {
  client: Pick<OwnerClient, 'pairing' | 'decidePairing'>
  /** Whether a person wants the browser of that name. */
  confirm(device: string): Promise<boolean>
  /** The person at the desk has enough of it. */
  signal?: AbortSignal
  /** Between two looks; tests do not wait. */
  pause?: () => Promise<unknown>
}

/** The name of the device that is paired now. Throws `not-paired` where none is in the end. */
export async function waitForDevice({
  client,
  confirm,
  pause = () => sleep(LOOK_MS),
}: Parts): Promise<string> {
  for (;;) {
    const seen = await client.pairing()
    switch (seen.state) {
      case 'open':
        await pause()
        break
      case 'claimed': {
        const isYes = await confirm(seen.device)
        await client.decidePairing(seen.device, isYes)
        if (!isYes)
          throw new CommandError('not-paired', `${seen.device} was refused, and nothing is paired.`, AGAIN)
        break
      }
      case 'paired':
        return seen.device
      case 'guessed':
        throw new CommandError(
          'not-paired',
          'Somebody tried wrong links or codes, so this pairing was ended. Nothing is paired.',
          AGAIN,
        )
      default:
        throw new CommandError('not-paired', 'Nobody came in time, and nothing is paired.', AGAIN)
    }
  }
}

const AGAIN = 'Run rc pair again.'
