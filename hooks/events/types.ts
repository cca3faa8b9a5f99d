/** What an event module gives. Everything that comes from Claude is open: fields may be missing, new or wrong. */
import type { AskDraft, ClaudeContext, Decision, JsonObject, Signal } from '../../server/protocol.ts'
import { claudePid } from '../client/registry.ts'

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

/** Claude Code's own version, from `AI_AGENT` (2.1.330: `claude-code_2-1-330_harness`). */
export function contextOf(input: HookInput): ClaudeContext {
  const version = /claude-code_(\d+)-(\d+)-(\d+)/.exec(process.env['AI_AGENT'] ?? '')
  return {
    claude_session: textOf(input['session_id']) ?? 'unknown',
    cwd: textOf(input['cwd']) ?? '',
    ...optional('prompt_id', input['prompt_id']),
    ...optional('permission_mode', input['permission_mode']),
    ...optional('agent_id', input['agent_id']),
    ...optional('agent_type', input['agent_type']),
    ...(version && { claude_version: version.slice(1).join('.') }),
    place: placeOf(),
    // Documented for 2.1.199 and later: a bridge to the Claude app is open.
    ...(process.env['CLAUDE_CODE_BRIDGE_SESSION_ID'] && { remote_control: true }),
    ...(isHeadless(process.env) && { headless: true }),
  }
}

/**
 * Whether nobody sits before this Claude. `-p` sets its entrypoint anew, whatever it inherits (2.1.197 and 2.1.332);
 * 2.1.197 does not know SESSION_ATTENDED and hands on a stale one.
 */
export function isHeadless(env: Readonly<Record<string, string | undefined>>): boolean {
  const { CLAUDE_CODE_ENTRYPOINT: entrypoint = '', CLAUDE_CODE_SESSION_ATTENDED: attended } = env
  if (attended === '0' || entrypoint === 'sdk-cli') return true
  return entrypoint.startsWith('sdk-') && attended !== '1'
}

/** Where this Claude runs: its process and, in tmux, its pane. */
function placeOf(): NonNullable<ClaudeContext['place']> {
  const socket = process.env['TMUX']?.replace(/,[^,]*,[^,]*$/, '')
  const pane = process.env['TMUX_PANE']
  return { pid: claudePid(), ...(socket && pane && { tmux: { socket, pane } }) }
}

/** A text, or undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** A JSON object, or an empty one for anything else. */
export function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}

function optional<K extends string>(name: K, value: unknown): { [key in K]?: string } {
  return (typeof value === 'string' ? { [name]: value } : {}) as { [key in K]?: string }
}
