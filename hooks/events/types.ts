/** What an event module gives: pure functions of what Claude says. Everything that comes from Claude is open: fields may be missing, new or wrong. */
import type { AskDraft, Decision, JsonObject, Signal } from '../../server/protocol.ts'

/** Claude's JSON on stdin, checked only to be an object. */
export type HookInput = Record<string, unknown>

/** An ask without what the client adds: version, key, context and waiting time. */
export type Question = Pick<AskDraft, 'kind'> &
  Partial<Pick<AskDraft, 'tool' | 'input' | 'suggestions' | 'text'>>
/** A signal without what the client adds: version and context. */
export type News = Omit<Signal, 'v' | 'context'>

/** An event that asks and waits: its question, and Claude's JSON for a decision. Null: no question, nothing to say. */
export type AskingEvent = {
  event: string
  toQuestion(input: HookInput): Question | null
  toOutput(input: HookInput, decision: Decision): JsonObject
  /** Whether the decision says no more than a Yes at the keyboard would. */
  isPlainYes(input: HookInput, decision: Decision): boolean
}

/** An event that only tells. */
export type TellingEvent = { event: string; toNews(input: HookInput): News | null }

/** A text, or undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** A JSON object, or an empty one for anything else. */
export function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}
