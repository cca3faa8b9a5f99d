/** What an event module gives: pure functions of what Claude says. Everything that comes from Claude is open: fields may be missing, new or wrong. */
import type { AskDraft, Decision, JsonObject, Signal } from '../../server/protocol.ts'

/** Claude's JSON on stdin, checked only to be an object. */
export type HookInput = Record<string, unknown>

/** An ask without what the client adds: version, key, where it comes from and the waiting time. */
export type Question = Pick<AskDraft, 'kind'> &
  Partial<Pick<AskDraft, 'tool' | 'input' | 'suggestions' | 'text'>>
/** News without what the client adds: version, event and where they come from. */
export type News = Omit<Signal, 'v' | 'event' | 'context'>

/** How an event stands in Claude's settings. */
export type HookRegistration = {
  /** Claude's own name for it. The script is called after it, and so is its file here. */
  event: string
  /**
   * The oldest version of Claude Code that was seen to take the event; 2.0.44 is the oldest one that was tried. In 2.1.77
   * an event that is not known voids the whole settings file, its rules too; 2.1.332 passes over it.
   */
  since: string
  /** Tools it is for; absent where the event has none. */
  matcher?: string
  /** Registered once for each permission rule, so that a call no rule is about starts no process. */
  perRule?: boolean
}

/**
 * An event that asks, and Claude's process stays until a person has answered: its question, and Claude's JSON for a
 * decision. Null: no question, nothing to say.
 */
export type AskingEvent = HookRegistration & {
  does: 'ask'
  toQuestion(input: HookInput): Question | null
  toOutput(input: HookInput, decision: Decision): JsonObject
  /** Whether the decision says no more than a Yes at the keyboard would. */
  isPlainYes(input: HookInput, decision: Decision): boolean
}

/** An event that leaves a question behind, for which Claude keeps nobody waiting. */
export type LeavingEvent = HookRegistration & {
  does: 'leave-ask'
  toQuestion(input: HookInput): Question | null
}

/** An event that only tells. */
export type TellingEvent = HookRegistration & { does: 'tell'; toNews(input: HookInput): News }

export type HookEvent = AskingEvent | LeavingEvent | TellingEvent

/** A text, or undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** A field that is there only when `value` is a text. */
export function textField<K extends string>(name: K, value: unknown): { [key in K]?: string } {
  return (typeof value === 'string' ? { [name]: value } : {}) as { [key in K]?: string }
}

/** A JSON object, or an empty one for anything else. */
export function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}
