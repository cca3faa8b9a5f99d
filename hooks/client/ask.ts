/**
 * Opens an ask and waits for its outcome, the keyboard's answer or Claude's own end, whichever comes first.
 *
 *   open ── accepted ── outcome, in slices ──┬─ decision ── dialog still open? ── print, leave a witness
 *    │                      │                │                   └─ no ── report `late`
 *    └ nobody listens:      └ connection     ├─ expired, superseded ── print nothing
 *      print nothing          lost: again    └─ over elsewhere, SIGTERM, Claude gone, time over ── withdraw, print nothing
 */
import { randomUUID } from 'node:crypto'
import { closeSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AskDraft, Decision, HookResult, Withdrawal } from '../../server/protocol.ts'
import { type AskingEvent, type HookInput, type LeavingEvent, objectOf, textOf } from '../events/types.ts'
import { contextOf } from './context.ts'
import { createDoor, type Door } from './door.ts'
import { readInput } from './invocation.ts'
import { open } from './opened.ts'
import { type Registry, watchRegistry } from './registry.ts'
import { PROTOCOL_VERSION, runHook } from './run.ts'
import { type StandBy, standBy } from './stand-by.ts'
import { type CallWatch, transcriptsOf, watchCall } from './transcript.ts'
import { neededOf, type Testimony } from './witness.ts'

/** How often the transcript is looked at while a person thinks. */
const LOOK_MS = 250
/** Claude writes some 100 ms late how a call ended, and kills a hook that lingers after 1.3 s. */
const WORD_MS = 400
const LOOK_AGAIN_MS = 40

/** A script that asks and waits for the answer. */
export async function ask(event: AskingEvent): Promise<void> {
  await runHook(event.event, async ({ door: address, giveUpMs }) => {
    const input = readInput()
    const draft = toDraft(event, input, giveUpMs)
    if (draft === null) return
    const door = createDoor(address)
    const giveUpAt = Date.now() + giveUpMs
    const opened = await open(door, draft)
    if (opened === null) return
    const registry = watchRegistry()
    const asked = { tool: draft.tool ?? '', input: draft.input }
    const call = watchCall(transcriptsOf(input), asked, { since: performance.timeOrigin })
    // The registry tells of whatever dialog is open: not of a form's, which comes later, and of a subagent's perhaps.
    const hasDialog = draft.context.agent_id === undefined && draft.kind !== 'form'
    try {
      const coming = Promise.race([
        opened.outcome(giveUpAt),
        ...(hasDialog ? [registry.answered.then(() => 'over' as const)] : []),
        registry.gone.then(() => 'claude-ended' as const),
        ended(call),
        terminated(),
      ])
      // A form has no call in the transcript that a witness could look for.
      const witness = input['tool_name'] === undefined ? null : standBy()
      const end = await coming
      if (typeof end === 'string') {
        witness?.dismiss()
        return await withdraw(door, opened.id(), await reasonFor(end, call, registry))
      }
      if (end.state !== 'answered') return
      const isPast = () => (hasDialog && registry.isPast()) || call.end() !== null
      const place = { door, id: opened.id(), files: registry.files, isPast, callId: call.id, witness }
      await print(event, input, end.decision, place)
    } finally {
      registry.stop()
    }
  })
  // Open connections and signal handlers must not keep Claude waiting.
  process.exit(0)
}

/** Null where the event is no question. `waitMs` null: nobody waits for its outcome. */
export function toDraft(
  event: AskingEvent | LeavingEvent,
  input: HookInput,
  waitMs: number | null,
): AskDraft | null {
  const question = event.toQuestion(input)
  if (question === null) return null
  return {
    v: PROTOCOL_VERSION,
    key: randomUUID(),
    input: {},
    suggestions: [],
    context: contextOf(input),
    ...question,
    ...(waitMs !== null && { client_wait_ms: waitMs }),
  }
}

type Place = {
  door: Door
  id: string
  /** The registry's. */
  files: string[]
  /** Whether what the decision is for has been decided by now. */
  isPast(): boolean
  callId(): string | null
  witness: StandBy | null
}

async function print(
  event: AskingEvent,
  input: HookInput,
  decision: Decision,
  { door, id, files, isPast, callId, witness }: Place,
): Promise<void> {
  if (isPast()) {
    witness?.dismiss()
    await report(door, id, { result: 'late' })
    return
  }
  const output = event.toOutput(input, decision)
  writeAll(JSON.stringify(output))
  // A form has no dialog while we wait, so nobody else can have answered it.
  if (witness === null) return await report(door, id, { result: 'applied' })
  const told: Testimony = {
    ask: id,
    transcripts: transcriptsOf(input),
    registry: files,
    call: { tool: textOf(input['tool_name']) ?? '', input: objectOf(input['tool_input']) },
    callId: callId(),
    since: performance.timeOrigin,
    behavior: decision.behavior,
    message: decision.behavior === 'deny' ? (decision.message ?? null) : null,
    isAgent: textOf(input['agent_id']) !== undefined,
    stops: decision.behavior === 'deny' && decision.interrupt === true,
    // A question or a plan has more answers than one Yes.
    isPlain: event.isPlainYes(input, decision),
  }
  witness.call({ ...told, call: neededOf(told) })
}

async function report(door: Door, id: string, result: HookResult): Promise<void> {
  await door('POST', `/asks/${id}/result`, result, 500).catch(() => {})
}

/** The call has a result while we still wait: the keyboard has answered, even if another dialog is open by now. */
async function ended(call: CallWatch): Promise<'over'> {
  while (call.end() === null) await sleep(LOOK_MS)
  return 'over'
}

type End = 'over' | 'stopped' | 'claude-ended' | 'time-over'

/** What is known of an end without a decision. Claude's own record says most, and comes last. */
async function reasonFor(end: End, call: CallWatch, registry: Registry): Promise<Withdrawal['because']> {
  if (end === 'claude-ended') return end
  if (end === 'time-over') return 'hook-gone'
  let isGone = false
  void registry.gone.then(() => {
    isGone = true
  })
  for (const until = Date.now() + WORD_MS; Date.now() < until && !isGone; await sleep(LOOK_AGAIN_MS)) {
    const word = call.end()
    if (word !== null) return word.letGo ? 'let-go' : 'answered-at-keyboard'
  }
  if (isGone) return 'claude-ended'
  return end === 'over' ? 'answered-at-keyboard' : 'stopped'
}

/** All there is to read: a reader has it while Node is still being taken down. It may take only part of it at once. */
function writeAll(text: string): void {
  let rest = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
  }
  closeSync(1)
}

async function withdraw(door: Door, id: string, because: Withdrawal['because']): Promise<void> {
  await door('POST', `/asks/${id}/withdraw`, { because }, 800)
}

/**
 * No and Esc at the keyboard end the hook with SIGTERM, and with SIGKILL 1.3 s later (Claude Code 2.1.330). So do a closed
 * terminal (2.1.332) and whoever else may send it.
 */
function terminated(): Promise<'stopped'> {
  return new Promise((resolve) => process.once('SIGTERM', () => resolve('stopped')))
}
