/** What the program does that stands by for a hook: it bears witness of a call, or of the end of a turn. */
import { readInput } from './invocation.ts'
import { runHook } from './run.ts'
import { type TurnTask, watchTurn } from './turn.ts'
import { bearWitness, type Testimony } from './witness.ts'

/** A script of its own, which is handed what to look at. */
export async function testify(): Promise<void> {
  await runHook('witness', async (invocation) => {
    const task = readInput() as Testimony | { turn: TurnTask }
    if ('turn' in task) await watchTurn(task.turn, invocation)
    else await bearWitness(task, invocation)
  })
}
