/** What a contract is made of: facts about Claude Code that our code relies on, seen in scenes. */
import { compareVersions } from '../../../hooks/versions.ts'
import type { Stage, StageOptions } from './stage.ts'

/** One row of the table. */
export type Fact = {
  id: string
  /** A sentence that can be false. */
  fact: string
  /** Oldest tested version it holds on; before that a difference is expected. */
  since?: string
}

/** Tells what was looked at: true, or a sentence about what was seen instead. A throw is a difference too. */
export type See = (id: string, look: () => Promise<boolean | string>) => Promise<void>

/** One run of Claude in which several facts are seen. */
export type Scene = StageOptions & {
  name: string
  facts: readonly Fact[]
  play(stage: Stage, see: See): Promise<void>
}

/** `seen` is null where the fact holds. */
export type Finding = {
  id: string
  fact: string
  result: 'holds' | 'differs' | 'DIFFERS'
  seen: string | null
}

/** `differs` is a known difference of that version, `DIFFERS` one that our code does not know. */
export function judge({ id, fact, since }: Fact, version: string, seen: true | string): Finding {
  if (seen === true) return { id, fact, result: 'holds', seen: null }
  const isKnown = since !== undefined && compareVersions(version, since) < 0
  return { id, fact, result: isKnown ? 'differs' : 'DIFFERS', seen }
}
