/** What an event module gives. Everything that comes from Claude is open: fields may be missing, new or wrong. */
import type { AskDraft, Decision, JsonObject, Signal } from '../../server/protocol.ts'

/** Claude's JSON on stdin, checked only to be an object. */
export type HookInput = Record<string, unknown>

/** An ask without what the client adds: version, key and waiting time. */
export type Question = Pick<AskDraft, 'kind' | 'context'> &
  Partial<Pick<AskDraft, 'tool' | 'input' | 'suggestions' | 'text'>>
export type News = Omit<Signal, 'v'>

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

/**
 * Whether nobody sits before this Claude. `-p` sets its entrypoint again, whatever it inherits (2.1.197 and 2.1.332);
 * 2.1.197 does not know SESSION_ATTENDED and hands on a stale one.
 */
export function isHeadless(env: Readonly<Record<string, string | undefined>>): boolean {
  const { CLAUDE_CODE_ENTRYPOINT: entrypoint = '', CLAUDE_CODE_SESSION_ATTENDED: attended } = env
  if (attended === '0' || entrypoint === 'sdk-cli') return true
  return entrypoint.startsWith('sdk-') && attended !== '1'
}

/** A text, or undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** A JSON object, or an empty one for anything else. */
export function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}
