/** What the responder needs from the world. Each port says what it may do and who cleans up. */
import type { Taste } from './attention/decide.ts'
import type { Priority } from './attention/priority.ts'
import type { Answer, AskId, AskState, Because, SessionId } from './protocol.ts'

/** A session as the responder knows it. Comes from container labels, never from a session's own message. */
export type SessionRef = {
  id: SessionId
  /** What a person calls it; unique among living sessions. */
  name: string
  /** Absolute host path. */
  workspace: string
  /** Absolute host path of the gate folder that holds the session's sockets. */
  gate: string
  /** Whose budgets it draws on, where the sessions behind one door may be anybody's invention; absent: its own. */
  account?: string
  /** Which container it runs in, where it does; another one after a restart. */
  container?: string
}

/** Time. Tests advance it by hand. */
export type Clock = {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs `task` once after `delayMs`; the returned function cancels it. `task` must not throw. */
  after(delayMs: number, task: () => void): () => void
}

/** A new short id, [a-z2-9], unguessable enough not to collide; never a secret. */
export type NewId = () => string

/** One line of structured log. Never throws; escapes control characters; never gets links or secrets. */
export type Log = (
  level: 'info' | 'warn' | 'error',
  message: string,
  fields?: Record<string, unknown>,
) => void

/** What goes to a phone. Texts are already shortened and masked by `preview.ts`. */
export type Push = {
  ask: AskId | null
  /** What it is from, by name. */
  session: string
  title: string
  message: string
  url: string | null
  urlTitle: string | null
  priority: Priority
  /** Seconds after which the push is moot. */
  ttlSeconds: number | null
  /** What can be answered from the notification itself; empty where only the page may, or nothing is asked. */
  buttons: readonly PushButton[]
}

/** An answer that a notification can give by itself. */
export type PushButton = {
  answer: 'allow' | 'always' | 'deny'
  /** `Yes`, `Always` or `No`. */
  label: string
  /** What always would stand for, in words that the message holds as well; null for the others. */
  scope: string | null
  /**
   * Gives the answer: opaque, at most 40 letters, digits, `.`, `_` and `-`. Good for this ask as it was shown, this answer
   * and this service alone.
   */
  code: string
  /** Takes the code as the body of a POST; null while no phone door is open. */
  url: string | null
}

/** What somebody answered through a service. Everything in it may be anybody's words. */
export type PushAnswer = {
  /** Who, in the service's words; null where it does not tell. */
  person: string | null
} & ({ code: string } | { text: string; ref: string })

/** What the one who answered is told: whether it counts, and a sentence. Not known: it leads to no question of ours. */
export type Told = { isTaken: boolean; isKnown: boolean; words: string }

/** What a service that brings answers back is given while it listens. */
export type Hearing = {
  /** Puts an answer to the desk. Never rejects. Given twice, it counts once. */
  answer(given: PushAnswer): Promise<Told>
  /** How far it has read; survives the responder. Null at first. */
  memory: { get(): string | null; set(text: string): void }
  /** Why no answer can come at the moment, as a sentence; null when it can again. */
  trouble(why: string | null): void
}

/** What a push that is over became: gone from where it was shown, changed there, or its service was told. */
export type PushEnding = 'withdrawn' | 'edited' | 'told'

/** A sent push, as far as the service tells. `ref` is what the service wants back for a withdrawal. */
export type PushReceipt = { service: string; ref: string | null }

/** How an ask ended that a push was about. `at` in milliseconds since 1970. */
export type PushEnd = {
  ask: AskId
  state: Exclude<AskState, 'pending'>
  because: Because | null
  answer: Answer['answer'] | null
  by: string | null
  at: number
  /** The end as a sentence. */
  words: string
  /** What the push was from, by name, and what it said. */
  session: string
  title: string
  message: string
}

/**
 * A push service. `send` resolves when the service has accepted the push and rejects with an error that has
 * `code` and `remedy` when it has not; it retries by the service's own rules and never longer than a minute.
 */
export type PushService = {
  name: string
  /** What it wants to hear of; absent: everything. */
  taste?: Taste
  send(push: Push, signal?: AbortSignal): Promise<PushReceipt>
  /** Takes a push back, or tells that its ask has ended, where the service can, or gives null; rejects as `send` does. */
  withdraw?(receipt: PushReceipt, end: PushEnd): Promise<PushEnding | null>
  /** Brings answers back until it is stopped, whatever happens on the way. Called by the one responder only. */
  listen?(hearing: Hearing): { stop(): void }
}

/** Those that are set up, asked anew for each push: they may follow the configuration. */
export type PushServices = () => readonly PushService[]

/** What became of keystrokes. `refused` means that nothing was typed. */
export type TypeResult =
  | { status: 'typed' }
  | { status: 'refused'; code: string; message: string; remedy: string }

/** A screen that waits for a key. Everything in it but `name` and the keys may be words of the agent. */
export type ScreenView = {
  /** Which of Claude's dialogs it is, such as `trust` or `permission`; null for one that is not known. */
  name: string | null
  question: string
  /** What may be pressed, each with what the screen says to it. Without a name also plain keys: arrows, digits, Enter. */
  options: { key: string; label: string }[]
  /** A part of the dialog is out of sight, so it offers only what refuses or cancels. No plain keys then, but Escape. */
  isCut: boolean
  /** The whole screen as text, without control characters, at most 200 lines. */
  screen: string
  /** Changes with anything that is shown but the cursor, and what follows it. */
  digest: string
}

/**
 * What became of a key. `refused` means that no choice was made; `isGone` that the screen is another one since, which
 * is the only evidence that the key was taken.
 */
export type PressResult =
  | { status: 'pressed'; isGone: boolean }
  | { status: 'refused'; code: string; message: string; remedy: string }

/** The pane a session lives in. Resolves with `refused` rather than sending a key to anything but Claude. */
export type Terminal = {
  /**
   * Types `text` literally and presses Enter, so that Claude receives it as one prompt. A leading `!` or `/`
   * is made harmless unless `asCommand`.
   */
  typeInto(session: SessionId, text: string, options: { asCommand: boolean }): Promise<TypeResult>
  /** The pane's visible text, or null when there is no pane. */
  capture(session: SessionId): Promise<string | null>
  /** The screen that waits for a key; null where Claude works, waits for a prompt, or does not run. */
  read(session: SessionId): Promise<ScreenView | null>
  /** Why nobody can tell whether the screen waits for a key, as a sentence; null where `read` tells. */
  whyNotRead?(session: SessionId): Promise<string | null>
  /** Why nothing can ever be typed for the session, as a sentence; null where it may work. Does not look. */
  whyNotTyped?(session: SessionId): string | null
  /** Presses a key that the screen of that digest offers, once, and looks what came of it. */
  press(session: SessionId, given: { digest: string; key: string }): Promise<PressResult>
  /**
   * Presses Escape once where Claude is in front, whatever it shows: it refuses a dialog or stops a turn, and can allow
   * nothing.
   */
  escape(session: SessionId): Promise<PressResult>
  /** Shows a line at the session's pane, in words of ours alone, or takes it away with null. Never rejects. */
  tell?(session: SessionId, line: string | null): Promise<void>
  /**
   * When a person last used a keyboard that is attached to the session's pane, in milliseconds since 1970; null where it
   * cannot be known. The host's own knowledge (tmux's client_activity, whole seconds): nothing of it comes from the session.
   */
  keyboardAt?(session: SessionId): Promise<{ attached: boolean; lastKeyAt: number | null } | null>
}

/** A connection to an unlisted host. */
export type DomainDeed = {
  kind: 'domain'
  host: string
  port: number
  /** Command lines that may be behind it, as the session's own process list tells them. */
  processes: string[]
}

/** A signature by one of the user's ssh keys. */
export type KeyDeed = {
  kind: 'key'
  /** Its comment, as the user's agent tells it. */
  name: string
  fingerprint: string
  /** login: into a host; signature: of a commit or file; unknown: of bytes that mean nothing to us. */
  purpose: 'login' | 'signature' | 'unknown'
  /** Names of the host that is logged into, where its key is a known one; signed, so no claim of the agent. */
  hosts: string[]
  /** Fingerprint of that host's key; null when the signature would log in anywhere. */
  host_key: string | null
  /** The agent's choice, and part of what is signed. */
  user: string | null
  namespace: string | null
}

export type Deed = DomainDeed | KeyDeed

/** What a door is told. `reason` is a sentence without the final stop. */
export type Verdict = { allowed: boolean; reason: string }
