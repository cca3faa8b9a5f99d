/** A question that is a test: through the services, to a tap, and back. */
import { setTimeout as sleep } from 'node:timers/promises'
import { whoOf } from '../../server/asks/outcome-words.ts'
import type { OwnerClient } from '../../server/client.ts'
import type { AskId, AskView } from '../../server/protocol.ts'
import { CommandError } from '../cli/errors.ts'
import type { Output } from '../cli/output.ts'

const LOOK_MS = 300

type Client = Pick<OwnerClient, 'test' | 'endTest' | 'ask'>
type Wanted = { name: string; isSession: boolean; only: string | undefined; forMs: number }
type Waiting = { client: Pick<Client, 'endTest' | 'ask'>; id: AskId; forMs: number; signal: AbortSignal }

/** Sends it, waits, and says who tapped and how long that took. Throws where nobody was reached, or nobody answered. */
export async function testWithTap(
  { client, signal }: { client: Client; signal: AbortSignal },
  { only, ...wanted }: Wanted,
  { print, note }: Pick<Output, 'print' | 'note'>,
): Promise<void> {
  const ask = await client.test({ ...wanted, ...(only !== undefined && { only }) })
  for (const { service, error } of ask.pushes ?? []) print(`${service}: ${error ?? 'taken'}`)
  if (!(ask.pushes ?? []).some(({ error }) => error === null)) {
    await client.endTest(ask.id)
    throw new CommandError(
      'nobody-reached',
      'No push service took the question.',
      'rc doctor tells what is set up.',
    )
  }
  note(`Answer it on your phone${ask.url === null ? '' : `, or at ${ask.url}`}. Waiting …`)
  const answered = await waitForAnswer({ client, id: ask.id, forMs: wanted.forMs, signal })
  print(
    `Answered ${answered.answer === 'allow' ? 'Yes' : 'No'} by ${whoOf(answered)} after ${secondsOf(answered)} s.`,
  )
}

/** The test when somebody has answered it. It is taken back where nobody does. */
export async function waitForAnswer({ client, id, forMs, signal }: Waiting): Promise<AskView> {
  const until = Date.now() + forMs
  for (;;) {
    const ask = await client.ask(id)
    if (ask?.state === 'answered') return ask
    if (signal.aborted || Date.now() >= until || ask?.state !== 'pending') {
      await client.endTest(id)
      // Somebody may have tapped just then.
      const last = await client.ask(id)
      if (last?.state === 'answered') return last
      throw new CommandError(
        'nobody-answered',
        'Nobody has answered.',
        `rc asks ${id} tells what became of its pushes.`,
      )
    }
    await sleep(LOOK_MS)
  }
}

/** Seconds from the question to its answer. */
export function secondsOf({ created_at: asked, answered_at: answered }: AskView): string {
  return (((answered ?? asked) - asked) / 1000).toFixed(1)
}
