/**
 * Whether a turn was over when its Stop hooks had run. Claude's registry says `busy` until the last of them has ended, and
 * `idle` then (2.1.197 to 2.1.332). The transcript's words of a Stop hook's feedback are no evidence that Claude goes on:
 * they stand there too when another hook has ended the turn, and after the eighth time in a row.
 */
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TurnEnd } from '../../server/protocol.ts'
import { createDoor, type Door } from './door.ts'
import { follow } from './follow.ts'
import type { Invocation } from './invocation.ts'
import { isAlive } from './is-alive.ts'
import { readStatus } from './registry.ts'

/** What a witness of a turn's end is told. `since`, in milliseconds since 1970: what Claude said before belongs to the turn. */
export type TurnTask = { ask: string; registry: string[]; transcripts: string[]; since: number }

const LONGEST_MS = 10 * 60_000
/** Most turns are over as soon as our script has ended: until then it looks often. */
const SOON_MS = 3_000
/** While Claude writes its file, there is nothing to read. */
const MOST_MISSES = 10

/** Watches until there is evidence or can be none, reports it, and ends after ten minutes without any. */
export async function watchTurn(task: TurnTask, { door: address }: Invocation): Promise<void> {
  const door = createDoor(address)
  const judge = createJudge(task)
  for (let waited = 0; waited < LONGEST_MS; ) {
    const turn = judge()
    if (turn !== null && (await reportTurn(door, task.ask, turn))) return
    const pauseMs = waited < SOON_MS ? 50 : 250
    await sleep(pauseMs)
    waited += pauseMs
  }
}

/** Looks once; null for no evidence yet. */
export function createJudge({ registry, transcripts, since }: TurnTask): () => TurnEnd['turn'] | null {
  let speaks = false
  let misses = 0
  const followers = transcripts.map((file) =>
    follow(file, (line) => {
      speaks ||= isSpeech(line, since)
    }),
  )
  return () => {
    for (const look of followers) look()
    const { status } = readStatus(registry)
    misses = status === null ? misses + 1 : 0
    // Looked at last: a turn that is over counts, whatever was written before.
    if (status === 'busy' || status === 'waiting') return speaks ? 'went-on' : null
    // Not `idle`, but a word that we do not know, or none for long: then as if there were no registry.
    if (status !== null || misses > MOST_MISSES || hasEnded(registry)) return 'over'
    return null
  }
}

/** Whether it is a message of Claude's own, and no subagent's, later than `since`. */
function isSpeech(line: string, since: number): boolean {
  // Most lines are long and something else.
  if (!line.includes('"type":"assistant"')) return false
  try {
    const { type, isSidechain, timestamp } = JSON.parse(line) as Record<string, unknown>
    return type === 'assistant' && isSidechain !== true && Date.parse(String(timestamp)) > since
  } catch {
    // Cut off, or no JSON any more.
    return false
  }
}

function hasEnded(registry: readonly string[]): boolean {
  return !registry.some((file) => isAlive(Number(basename(file, '.json'))))
}

/** False while the responder is away: it may be starting again. */
export async function reportTurn(door: Door, ask: string, turn: TurnEnd['turn']): Promise<boolean> {
  return await door('POST', `/asks/${ask}/turn`, { turn }, 5_000).then(
    () => true,
    () => false,
  )
}
