import { readInput } from '../client/invocation.ts'
import { runHook } from '../client/run.ts'
import { type TurnTask, watchTurn } from '../client/turn.ts'
import { bearWitness, type Testimony } from '../client/witness.ts'

void runHook('witness', async (invocation) => {
  const task = readInput() as Testimony | { turn: TurnTask }
  if ('turn' in task) await watchTurn(task.turn, invocation)
  else await bearWitness(task, invocation)
})
