/**
 * What came of a decision that was printed. Claude waits until the hook's process has ended, so another one stays and
 * looks: at the transcript for a hook's word before the call's result, and for the shell that runs an allowed command.
 */
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HookResult } from '../../server/protocol.ts'
import { createDoor, type Door } from './door.ts'
import type { Invocation } from './invocation.ts'
import { isAlive } from './is-alive.ts'
import { runsCommand } from './running.ts'
import { type Call, type CallEnd, watchCall } from './transcript.ts'

/** What a witness is told on its stdin. */
export type Testimony = {
  ask: string
  transcripts: string[]
  registry: string[]
  call: Call
  callId: string | null
  /** When the hook began, in milliseconds since 1970: what had ended by then is another call. */
  since: number
  behavior: 'allow' | 'deny'
  /** A denial that ends the turn looks like a No at the keyboard, and does the same. */
  stops: boolean
  /** What a denial tells Claude. */
  message: string | null
  /** Inside a subagent 2.1.197 leaves no hook's word in the transcript. */
  isAgent: boolean
  /** Nothing was added to the Yes: then it does not matter which Yes it was that Claude followed. */
  isPlain: boolean
}

/** A longer command is not looked for among the processes. */
const MAX_COMMAND_BYTES = 30_000
const LONGEST_MS = 10 * 60_000
/** Until then it looks often, and waits for files that may still come. */
const SOON_MS = 3_000
/** What the result of a call says that a hook has denied without a message (2.1.197 and 2.1.330). */
const DENIED = 'Permission denied by hook'

/** A call whose id is known need not be looked for in the transcript, only its command among the processes. */
export function neededOf({ call, callId }: Pick<Testimony, 'call' | 'callId'>): Call {
  const command = commandOf(call)
  if (callId === null) return call
  const isShort = command !== null && Buffer.byteLength(JSON.stringify(command)) < MAX_COMMAND_BYTES
  return isShort ? { tool: call.tool, input: { command } } : { tool: '', input: {} }
}

function commandOf({ tool, input }: Call): string | null {
  return tool === 'Bash' && typeof input['command'] === 'string' ? input['command'] : null
}

/** The witness itself: watches until there is evidence or can be none, reports it, and ends after ten minutes without any. */
export async function bearWitness(told: Testimony, { door }: Invocation): Promise<void> {
  const watch = watchCall(told.transcripts, told.call, { since: told.since, id: told.callId })
  const claude = told.registry.map((file) => Number(basename(file, '.json')))
  const command = commandOf(told.call)
  // Of two equal calls nobody can tell whose shell it is.
  const runs = () => command !== null && watch.id() !== null && runsCommand(claude, command)
  for (let waited = 0; waited < LONGEST_MS; ) {
    const end = watch.end()
    const seen = judge(told, end, end === null && runs())
    if (seen !== null && (await report(createDoor(door), told.ask, seen))) return
    if (seen === null && (end !== null || (waited >= SOON_MS && isOver(told)))) return
    const pauseMs = waited < SOON_MS ? 50 : 500
    await sleep(pauseMs)
    waited += pauseMs
  }
}

/** Nothing will be seen any more: Claude has ended, or writes neither of its files where we look. */
function isOver({ transcripts, registry }: Testimony): boolean {
  if (![...transcripts, ...registry].some((file) => existsSync(file))) return true
  return !registry.some((file) => isAlive(Number(basename(file, '.json'))))
}

/** False while the responder is away: it may be starting again. */
async function report(door: Door, ask: string, seen: HookResult): Promise<boolean> {
  return await door('POST', `/asks/${ask}/result`, seen, 5_000).then(
    () => true,
    () => false,
  )
}

/** What the evidence says; null for none, which before the call has ended means none yet. `runs`: it was seen running. */
export function judge(
  told: Pick<Testimony, 'behavior' | 'stops' | 'isPlain' | 'isAgent' | 'message'>,
  end: CallEnd | null,
  runs: boolean,
): HookResult | null {
  const { behavior, stops, isPlain, isAgent } = told
  if (end === null) return behavior === 'allow' && isPlain && runs ? { result: 'applied' } : null
  if (end.hook === behavior || (stops && end.rejected)) return { result: 'applied' }
  if (end.hook !== null)
    return { result: 'not-applied', reason: 'another hook of Claude Code answered first' }
  if (isAgent && behavior === 'deny' && end.text === (told.message ?? DENIED)) return { result: 'applied' }
  if (behavior === 'allow' && isAgent && !end.rejected) return isPlain ? { result: 'applied' } : null
  // Esc into a tool that has begun leaves the words of a No to a dialog, and drops the hook's.
  if (behavior === 'allow' && end.rejected && !end.neverRan) return null
  // Who gave it, the transcript does not tell.
  return { result: 'not-applied', reason: `Claude had got a ${end.rejected ? 'No' : 'Yes'} already` }
}
