/**
 * One tool call in Claude's transcript, a file of JSON lines that grows. Unofficial, so a hint that may be missing. On
 * 2.1.197 and 2.1.330, where a hook's decision took effect, and only there, a line with the attachment
 * `hook_permission_decision` stands before the call's result; both come when the tool has ended.
 */
import { basename, isAbsolute, join } from 'node:path'
import { type HookInput, textOf as plainText } from '../events/types.ts'
import { follow } from './follow.ts'

export type Call = { tool: string; input: Record<string, unknown> }

/** How a call ended: by a hook's word, or without one. */
export type CallEnd = {
  hook: 'allow' | 'deny' | null
  /** In the words that Claude uses for a person's No, and for Esc while the tool runs. */
  rejected: boolean
  /** A rejected call of which Claude says that it never began; 2.1.197 never says so. */
  neverRan: boolean
  /** A question that Claude answered itself when nobody did for long (`askUserQuestionTimeout`, 2.1.332). */
  letGo: boolean
  text: string
  /** When, in milliseconds since 1970; NaN where the line does not say. */
  at: number
}

/** The longest message of a denial is longer than any that a person types on a phone. */
const TEXT_LENGTH = 50_000
/** Claude's own word for a No at the keyboard, and for a hook's denial that interrupts (both versions). */
const REJECTED = "The user doesn't want to proceed with this tool use"

export type CallWatch = {
  /** Its id, once it is known. Two calls of the same kind and input cannot be told apart, and have none. */
  id(): string | null
  /** How it ended; null while it has not, or while that cannot be told. */
  end(): CallEnd | null
}

/** Where a hook's call stands: a subagent writes a transcript of its own, in a folder beside the main one (both versions). */
export function transcriptsOf(input: HookInput): string[] {
  const main = plainText(input['transcript_path'])
  const agent = plainText(input['agent_id'])
  if (main === undefined || !isAbsolute(main)) return []
  if (agent === undefined) return [main]
  return [join(main.replace(/\.jsonl$/, ''), 'subagents', `agent-${basename(agent)}.jsonl`)]
}

/**
 * Follows a call about which a hook was asked at `since` (milliseconds since 1970) through `files`. Claude writes them
 * some 100 ms late, so that a call may be seen for the first time when it has ended, and an equal one of before may
 * still look open. One whose `id` is known is not looked for.
 */
export function watchCall(
  files: readonly string[],
  call: Call,
  { since, id: knownId = null }: { since: number; id?: string | null },
): CallWatch {
  const uses = new Set<string>()
  const words = new Map<string, 'allow' | 'deny'>()
  const ends = new Map<string, CallEnd>()
  let chosen = knownId
  let isAmbiguous = false
  const followers = files.map((file) =>
    follow(file, (line) => {
      // Most lines are long and about something else.
      if (!/tool_use|tool_result|hook_permission_decision/.test(line)) return
      for (const one of readEntries(line, call)) {
        if (one.type === 'use') uses.add(one.id)
        else if (one.type === 'word') words.set(one.id, one.word)
        else {
          const { id, type: _, ...end } = one
          const rejected = end.text.startsWith(REJECTED)
          ends.set(id, { hook: words.get(id) ?? null, rejected, ...end })
        }
      }
    }),
  )

  function look(): void {
    for (const next of followers) next()
    if (chosen !== null && (ends.get(chosen)?.at ?? since) < since) chosen = null
    if (chosen !== null || isAmbiguous) return
    const ours = [...uses].filter((id) => (ends.get(id)?.at ?? since) >= since)
    // Once there were two, the one that is left later need not be ours.
    if (ours.length > 1) isAmbiguous = true
    else chosen = ours[0] ?? null
  }

  return {
    id() {
      look()
      return chosen
    },
    end() {
      look()
      return chosen === null ? null : (ends.get(chosen) ?? null)
    },
  }
}

type Entry =
  | { type: 'use'; id: string }
  | { type: 'word'; id: string; word: 'allow' | 'deny' }
  | { type: 'end'; id: string; text: string; neverRan: boolean; letGo: boolean; at: number }

function readEntries(line: string, call: Call): Entry[] {
  const { attachment, message, timestamp, toolDenialBeforeRun, toolUseResult } = parse(line)
  if (attachment?.type === 'hook_permission_decision') {
    const { toolUseID: id, decision: word } = attachment
    return typeof id === 'string' && (word === 'allow' || word === 'deny') ? [{ type: 'word', id, word }] : []
  }
  if (!Array.isArray(message?.content)) return []
  return (message.content as Block[]).flatMap((block): Entry[] => {
    if (block?.type === 'tool_use' && typeof block.id === 'string' && isOf(call, block)) {
      return [{ type: 'use', id: block.id }]
    }
    if (block?.type !== 'tool_result' || typeof block.tool_use_id !== 'string') return []
    const text = textOf(block.content).slice(0, TEXT_LENGTH)
    const [neverRan, at] = [toolDenialBeforeRun === true, Date.parse(plainText(timestamp) ?? '')]
    const letGo = typeof toolUseResult?.afkTimeoutMs === 'number'
    return [{ type: 'end', id: block.tool_use_id, text, neverRan, letGo, at }]
  })
}

type Block = {
  type?: unknown
  id?: unknown
  name?: unknown
  input?: unknown
  tool_use_id?: unknown
  content?: unknown
}
type Line = {
  attachment?: { type?: unknown; toolUseID?: unknown; decision?: unknown }
  message?: { content?: unknown }
  /** ISO 8601, when what the line tells of happened; the line itself is written later (both versions). */
  timestamp?: unknown
  /** True after No or Esc to a dialog (2.1.330), and absent after a later Esc, even one just before the tool began. */
  toolDenialBeforeRun?: unknown
  /** Of a question that Claude let go it has `afkTimeoutMs`, while the line says that a person accepted it (2.1.332). */
  toolUseResult?: { afkTimeoutMs?: unknown } | null
}

function parse(line: string): Line {
  try {
    return (JSON.parse(line) ?? {}) as Line
  } catch {
    return {}
  }
}

/** Claude adds defaults and, to a plan, everything: what the model sent has to be in what the hook was given. */
function isOf(call: Call, { name, input }: Block): boolean {
  if (name !== call.tool) return false
  const sent = Object.entries((input ?? {}) as Record<string, unknown>)
  return sent.every(([key, value]) => canonical(value) === canonical(call.input[key]))
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  )
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content
    .map((block: { text?: unknown }) => (typeof block?.text === 'string' ? block.text : ''))
    .join('')
}
