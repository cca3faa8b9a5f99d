/**
 * What came of a decision that was printed. Claude waits until the hook's process has ended, so another one stays and
 * looks: at the transcript for a hook's word before the call's result, at the registry for a dialog that is gone.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HookResult } from '../../server/protocol.ts'
import { createDoor, type Door } from './door.ts'
import { readInput } from './invocation.ts'
import { isAlive } from './is-alive.ts'
import { readStatus } from './registry.ts'
import { runHook } from './run.ts'
import { type Call, type CallEnd, watchCall } from './transcript.ts'

/** What a witness is told on its stdin. */
export type Testimony = {
  ask: string
  transcripts: string[]
  registry: string[]
  call: Call
  callId: string | null
  behavior: 'allow' | 'deny'
  /** A denial that ends the turn looks like a No at the keyboard, and does the same. */
  stops: boolean
  /** What a denial tells Claude. */
  message: string | null
  /** Inside a subagent 2.1.197 leaves no hook's word in the transcript. */
  isAgent: boolean
  /** Nothing was added to the Yes: then it does not matter which Yes it was that Claude followed. */
  isPlain: boolean
  /** Milliseconds since 1970. */
  printedAt: number
}

/** A pipe takes this much at once, so that the hook need not wait for its witness to read. */
const MAX_TESTIMONY_BYTES = 60_000
/** A dialog that is gone for this long with no result after it: the tool runs. */
const RUNNING_MS = 400
const LONGEST_MS = 10 * 60_000
/** Until then it looks often, and waits for files that may still come. */
const SOON_MS = 3_000
/** What the result of a call says that a hook has denied without a message (2.1.197 and 2.1.330). */
const DENIED = 'Permission denied by hook'

/** Starts the witness beside the running script. Throws when it cannot be started. */
export function callWitness(testimony: Testimony): void {
  const text = JSON.stringify({
    ...testimony,
    call: testimony.callId ? { tool: '', input: {} } : testimony.call,
  })
  if (Buffer.byteLength(text) > MAX_TESTIMONY_BYTES) throw new Error('the call is too large to be looked for')
  const script = join(dirname(process.argv[1] ?? ''), 'witness.cjs')
  const child = spawn(process.execPath, [script, ...process.argv.slice(2)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.on('error', () => {})
  child.stdin.on('error', () => {})
  child.stdin.end(text)
  child.unref()
}

/** The witness itself: watches until there is evidence or can be none, reports it, and ends after ten minutes without any. */
export async function bearWitness(): Promise<void> {
  await runHook('witness', async ({ door }) => {
    const told = readInput() as Testimony
    const watch = watchCall(told.transcripts, told.call, told.callId)
    for (let waited = 0; waited < LONGEST_MS; ) {
      const seen = judge(told, watch.end(), runsFor(told))
      if (seen !== null && (await report(createDoor(door), told.ask, seen))) return
      if (waited >= SOON_MS && isOver(told)) return
      const pauseMs = waited < SOON_MS ? 50 : 500
      await sleep(pauseMs)
      waited += pauseMs
    }
  })
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

/** What the evidence says; null for none yet. `runsMs` is how long the dialog has been gone while Claude works. */
export function judge(
  told: Pick<Testimony, 'behavior' | 'stops' | 'isPlain' | 'isAgent' | 'message'>,
  end: CallEnd | null,
  runsMs: number,
): HookResult | null {
  const { behavior, stops, isPlain, isAgent } = told
  if (end === null)
    return behavior === 'allow' && isPlain && runsMs >= RUNNING_MS ? { result: 'applied' } : null
  if (end.hook === behavior || (stops && end.rejected)) return { result: 'applied' }
  if (end.hook !== null)
    return { result: 'not-applied', reason: 'another hook of Claude Code answered first' }
  if (isAgent && behavior === 'deny' && end.text === (told.message ?? DENIED)) return { result: 'applied' }
  if (isAgent && behavior === 'allow' && !end.rejected) return isPlain ? { result: 'applied' } : null
  return { result: 'not-applied', reason: `answered ${end.rejected ? 'No' : 'Yes'} at the keyboard` }
}

function runsFor({ registry, printedAt }: Testimony): number {
  const { status, since } = readStatus(registry)
  return status === 'busy' && since >= printedAt ? Date.now() - since : 0
}
