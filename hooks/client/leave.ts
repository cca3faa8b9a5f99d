/**
 * Opens the ask of a turn that has ended, for which nobody waits. Stop hooks run side by side and one of the user's own
 * may send Claude on, so where Claude's registry can tell, a witness stays and says whether the turn was over:
 *
 *   ask, watched ─── this script ends ─── witness ─┬─ `idle` ─── over: it may ring
 *                                                  └─ Claude speaks again ─── it went on, and the ask is moot
 */
import type { AskDraft } from '../../server/protocol.ts'
import type { LeavingEvent } from '../events/types.ts'
import { toDraft } from './ask.ts'
import { createDoor } from './door.ts'
import { readInput } from './invocation.ts'
import { open } from './opened.ts'
import { readStatus, registryFiles } from './registry.ts'
import { runHook } from './run.ts'
import { type StandBy, standBy } from './stand-by.ts'
import { transcriptsOf } from './transcript.ts'
import { reportTurn, type TurnTask } from './turn.ts'

/** How long a script that nobody waits for looks for a responder: until it ends, Claude holds the prompt. */
const LEAVE_MS = 250

/** A script that opens an ask which nobody waits for. */
export async function leaveAsk(event: LeavingEvent): Promise<void> {
  await runHook(event.event, async ({ door: address }) => {
    const input = readInput()
    const plain = toDraft(event, input, null)
    if (plain === null) return
    const door = createDoor(address)
    const registry = registryFiles()
    const witness = readStatus(registry).status === 'busy' ? standBy() : null
    const draft: AskDraft = witness === null ? plain : { ...plain, input: { ...plain.input, watched: true } }
    const opened = await open(door, draft, LEAVE_MS)
    if (opened === null || witness === null) return witness?.dismiss()
    const task = {
      ask: opened.id(),
      registry,
      transcripts: transcriptsOf(input),
      since: performance.timeOrigin,
    }
    if (!send(witness, { turn: task })) await reportTurn(door, opened.id(), 'over')
  })
  // The pipes to a witness must not keep Claude waiting.
  process.exit(0)
}

/** False where nobody stands by: then nobody knows more than that the turn has ended. */
function send(witness: StandBy, task: { turn: TurnTask }): boolean {
  try {
    witness.call(task)
    return true
  } catch {
    return false
  }
}
