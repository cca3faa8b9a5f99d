/**
 * The contract between Claude Code's hooks, the responder and the command line.
 * Everything that crosses a door is one of these shapes, parsed where it arrives.
 */
import * as z from 'zod'

/** Raised whenever a shape below changes so that an older peer could misread it. */
export const PROTOCOL_VERSION = 1

/** Largest body a hook door takes, in bytes. A longer question stays at the keyboard. */
export const MAX_ASK_BYTES = 4 * 1024 * 1024

/** How long one wait for an outcome may stay silent, in milliseconds. */
export const OUTCOME_SLICE_MS = 25_000

/** Names of the sockets in a session's gate folder. */
export const GATE_SOCKETS = { hooks: 'hooks.sock', egress: 'egress.sock', key: 'key.sock' } as const

/** Longest path of a socket, in bytes: macOS takes 103, Linux 107, and some callers cut off longer ones without a word. */
export const MAX_SOCKET_PATH = 100

export type AskId = string & z.$brand<'AskId'>
export type SessionId = string & z.$brand<'SessionId'>

export const askId = z
  .string()
  .regex(/^[a-z2-9]{6,12}$/)
  .transform((text) => text as AskId)
export const sessionId = z
  .string()
  .regex(/^[a-z0-9]{8,16}$/)
  .transform((text) => text as SessionId)

export const ASK_KINDS = [
  'permission',
  'question',
  'plan',
  'form',
  'reply',
  'dialog',
  'domain',
  'key',
  /** The machine's own, to try the ways to a person. */
  'test',
] as const
export type AskKind = (typeof ASK_KINDS)[number]

export const ASK_STATES = ['pending', 'answered', 'expired', 'superseded'] as const
export type AskState = (typeof ASK_STATES)[number]

export const BECAUSE = [
  /** A key was pressed in the session's pane just then: the host's own knowledge, nothing of it is a session's word. */
  'answered-at-keyboard',
  /** Claude's own files say that it is over; whether by a key, nobody here can tell. */
  'ended-in-session',
  /** Claude went on without an answer (`askUserQuestionTimeout`). */
  'let-go',
  /** The background agent that had asked was stopped. */
  'task-ended',
  /** Claude went on by itself after its stop: a task of its own had ended, or a Stop hook sent it on. */
  'went-on',
  /** Esc or a reply from here interrupted Claude, and whatever else it had asked. */
  'interrupted',
  'unknown',
  'hook-gone',
  'newer',
  'session-ended',
  'screen-changed',
  /** Whoever has tried the ways to a person waits for an answer no longer. */
  'test-over',
] as const
export type Because = (typeof BECAUSE)[number]

/** How a hook ended that got no decision. Its question stays, and can be refused from afar, and allowed at the keyboard. */
export const HOOK_ENDS = ['lost', 'stopped', 'timed-out', 'claimed'] as const
export type HookEnd = (typeof HOOK_ENDS)[number]

export const RESULTS = ['applied', 'not-applied', 'unconfirmed'] as const
export type Result = (typeof RESULTS)[number]

/** A JSON object: Claude's tool inputs are open, versions add fields without notice. */
export const jsonObject = z.record(z.string(), z.json())
export type JsonObject = z.infer<typeof jsonObject>

/** Where a Claude runs that we did not start, as its hook sees it. Used only where whoever says it could do the same. */
export const claudePlace = z.object({
  pid: z.number().int().positive().optional(),
  tmux: z
    .object({
      socket: z
        .string()
        .max(200)
        .regex(/^\/[^\p{Cc}]+$/u),
      pane: z.string().regex(/^%\d{1,9}$/),
    })
    .optional(),
})
export type ClaudePlace = z.infer<typeof claudePlace>

/** What a hook knows about the Claude that started it. Labels only: nothing here is proof. */
export const claudeContext = z.object({
  claude_session: z.string().max(200),
  cwd: z.string().max(4096),
  prompt_id: z.string().max(200).optional(),
  permission_mode: z.string().max(40).optional(),
  /** Present inside a subagent (Claude Code 2.1.330). */
  agent_id: z.string().max(200).optional(),
  agent_type: z.string().max(200).optional(),
  claude_version: z.string().max(40).optional(),
  /** Said wrongly it is left out: a question is never lost for it. */
  place: claudePlace.optional().catch(undefined),
  /** Claude Code's own Remote Control is on, and asks the person as well (2.1.199, documented). */
  remote_control: z.boolean().optional(),
  /** Nobody sits before it: `claude -p` in a script, or a program of somebody's. Absent from an older hook. */
  headless: z.boolean().optional(),
})
export type ClaudeContext = z.infer<typeof claudeContext>

/** What a hook sends to open an ask: `POST /asks` at the hook door. */
export const askDraft = z.object({
  v: z.literal(PROTOCOL_VERSION),
  kind: z.enum(['permission', 'question', 'plan', 'form', 'reply']),
  /** Chosen by the hook, so that a retry after a lost connection finds its own ask again. */
  key: z.string().regex(/^[0-9a-f-]{36}$/),
  context: claudeContext,
  tool: z.string().max(200).optional(),
  input: jsonObject.default({}),
  /** Claude's `permission_suggestions`, echoed back untouched when one is chosen. */
  suggestions: z.array(jsonObject).max(20).default([]),
  /** The agent's own words: the last message of an idle Claude, a form's message. */
  text: z.string().max(200_000).optional(),
  /** How long the hook itself will wait, in milliseconds; absent for asks nobody waits for. */
  client_wait_ms: z.number().int().positive().optional(),
})
export type AskDraft = z.infer<typeof askDraft>

/** Answer to `POST /asks`: the hook's ask is on the desk. */
export type AskAccepted = { v: number; id: AskId; deadline: number; slice_ms: number }

/** What a person says to an ask, whatever the door it comes through. */
export const answer = z.object({
  answer: z.enum(['allow', 'always', 'deny', 'reply', 'press']),
  /** With deny: what Claude is told. With reply: the text to type. */
  message: z.string().max(50_000).optional(),
  /** Replies only: send a leading `!` or `/` as a command on purpose. */
  as_command: z.boolean().optional(),
  /** Which of Claude's suggestions "always" stands for. Absent: the first. */
  suggestion: z.number().int().min(0).max(19).optional(),
  /** Questions: question text -> chosen label(s) or free text. */
  choices: z.record(z.string(), z.string()).optional(),
  /** Hosts and signatures only: how long a yes lasts. Absent: once with allow, the longest there is with always. */
  for: z.enum(['once', '10m', 'session', 'always']).optional(),
  /** With deny: Claude stops as well, instead of going on without the call. */
  stop: z.boolean().optional(),
  /** With allow, permissions only: the input as the person changed it. */
  input: jsonObject.optional(),
  /** With allow, plans only: the permission mode that Claude goes on in. */
  mode: z.enum(['default', 'acceptEdits', 'auto']).optional(),
  /** With allow, forms only: the values of its fields. */
  content: jsonObject.optional(),
  /** With always, where it stands at the desk: for how many minutes or calls. Absent: until the session ends. */
  minutes: z.number().int().min(1).max(1440).optional(),
  calls: z.number().int().min(1).max(1000).optional(),
  /** With press, dialogs only: a key that the screen offers. */
  key: z.string().max(20).optional(),
  /** Digest of the input that was shown; refused when it is not the ask's own. */
  digest: z.string().max(100).optional(),
  /** On the page only: what a grave question is about, said once more. */
  sure: z.string().max(500).optional(),
})
export type Answer = z.infer<typeof answer>

/** What the hook prints, in our words; the hook's event module turns it into Claude's. */
export type Decision =
  | {
      behavior: 'allow'
      updated_input?: JsonObject
      updated_permissions?: JsonObject[]
      choices?: Record<string, string>
      content?: JsonObject
    }
  | { behavior: 'deny'; message?: string; interrupt?: boolean }

/** One slice of waiting: `GET /asks/:id/outcome` at the hook door. */
export type Outcome =
  | { state: 'pending' }
  | { state: 'answered'; decision: Decision }
  | { state: 'expired' | 'superseded' }

/** What came of an answer, as seen beside Claude: `POST /asks/:id/result`. late: it was never printed. */
export const hookResult = z.object({
  result: z.enum(['applied', 'not-applied', 'late']),
  /** Shown to the user as it is: no line ends, nothing that steers a terminal. */
  reason: z
    .string()
    .max(500)
    .regex(/^\P{Cc}*$/u)
    .optional(),
})
export type HookResult = z.infer<typeof hookResult>

/**
 * `POST /asks/:id/withdraw`: the hook stops waiting, and what it takes for the reason. A claim: what it is worth the desk
 * decides. hook-gone: its time is over; stopped: it was told to end, by Claude or by anybody else.
 */
export const withdrawal = z.object({
  because: z.enum(['answered-at-keyboard', 'hook-gone', 'let-go', 'stopped', 'claude-ended']),
})
export type Withdrawal = z.infer<typeof withdrawal>

/** `POST /asks/:id/turn`: how a `watched` turn ended. over: Claude waits, or nobody can tell; went-on: it has spoken again. */
export const turnEnd = z.object({ turn: z.enum(['over', 'went-on']) })
export type TurnEnd = z.infer<typeof turnEnd>

/** Things a session tells us without waiting: `POST /signals`. */
export const signal = z.object({
  v: z.literal(PROTOCOL_VERSION),
  event: z.enum([
    'PreToolUse',
    'PostToolUse',
    'PostToolUseFailure',
    'Notification',
    'UserPromptSubmit',
    'SessionStart',
    'SessionEnd',
    'Stop',
    'StopFailure',
  ]),
  context: claudeContext,
  tool: z.string().max(200).optional(),
  tool_use_id: z.string().max(200).optional(),
  input: jsonObject.optional(),
  /** Notification's type and message, SessionStart's source, SessionEnd's reason, the typed prompt. */
  subject: z.string().max(200).optional(),
  text: z.string().max(200_000).optional(),
})
export type Signal = z.infer<typeof signal>

/** An ask as the owner's door and `rc asks --json` show it. Instants are milliseconds since 1970. */
export type AskView = {
  id: AskId
  /** The session's name. */
  session: string
  kind: AskKind
  tool: string | null
  input: JsonObject
  suggestions: JsonObject[]
  text: string | null
  state: AskState
  because: Because | null
  /** While it is open: how the hook ended that had asked; null while that waits. Then only No can be said from afar. */
  hook_end: HookEnd | null
  created_at: number
  deadline: number
  /** The answer page; null when no phone door is open. */
  url: string | null
  digest: string
  answer: Answer['answer'] | null
  message: string | null
  /** Who answered: `page`, `cli`, `keyboard`, `standing approval`. */
  answered_by: string | null
  /** Of answers on the page: which browser, such as `iPhone Safari 4f2a1c`. */
  device: string | null
  answered_at: number | null
  ended_at: number | null
  /** With a yes: the one field that the person changed, as it was allowed. */
  changed: { field: string; value: string } | null
  result: Result | null
  result_reason: string | null
  /** The user's own rules that this ask matches, derived on the host. */
  rules: string[]
  /** Nobody answered, and `approvals.on_timeout` says deny. */
  denied_by_timeout: boolean
  /** Replies only: why nothing can be typed for this session; null where it may work. */
  untypable: string | null
  /** Claude Code's own Remote Control asks the person too, so nothing was pushed. */
  remote_control: boolean
  /** What it is about where that cannot be undone, such as `push to origin/main`; null for any other, and for ended ones. */
  grave: string | null
  /** The pushes that were tried for it, oldest first; null in a list of many. */
  pushes: PushView[] | null
  /** Only head and tail of the texts are given: the size and the SHA-256 of the whole input, as JSON. Null: all of it is. */
  whole: { bytes: number; sha256: string } | null
}

/** A push as the owner sees it. `at` in milliseconds since 1970, `because` the rule that let it go. */
export type PushView = {
  service: string
  at: number
  /** Taken by its service or not, then gone or changed there, or answered through it. */
  state: 'taken' | 'refused' | 'unreachable' | 'withdrawn' | 'edited' | 'told' | 'tapped'
  /** Why it was not taken, as a sentence. */
  error: string | null
  because: string
}

/** Every error body at every door. */
export type ProblemView = { error: { code: string; message: string; remedy?: string; ask?: AskView } }

/**
 * Three deadlines that nest, so that nothing is cut off from outside before it has let go by itself:
 * the ask ends first, the hook's client next, Claude's own `timeout` for the hook last.
 */
export function deadlines(askTimeoutSeconds: number): {
  askMs: number
  clientMs: number
  hookTimeoutSeconds: number
} {
  const askMs = askTimeoutSeconds * 1000
  return { askMs, clientMs: askMs + 30_000, hookTimeoutSeconds: askTimeoutSeconds + 60 }
}

/** What may be pressed on a screen that we do not know, whatever it offers. */
export const PLAIN_KEYS = ['Escape', 'Enter', 'Up', 'Down', 'Left', 'Right', 'Tab', ...'123456789'] as const

/** Kinds of asks about something that cannot be undone. */
export const GRAVE_KINDS = ['protected-push', 'publish', 'delete-outside', 'sudo', 'unknown-host'] as const
export type GraveKind = (typeof GRAVE_KINDS)[number]
