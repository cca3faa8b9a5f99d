/**
 * What a push service brings: one definition in one file of `services/`, and one line in its index. Configuration, `rc
 * config check`, masking, `rc doctor`, the table in docs/push.md and the contract test follow from the list.
 */
import type * as z from 'zod'
import type { PushService } from '../ports.ts'
import type { ServiceAnswer } from './http/answer.ts'

/** What a refusal says: why, in a few words, and how long the service wants to be left alone. */
export type Explained = { why?: string | undefined; waitMs?: number | undefined }

/** What a service can do with a push; what it cannot, the answer page does. */
export type PushAbilities = {
  /** An answer from the notification itself. */
  buttons: boolean
  /** To be told that an ask is over, so that what was shown of it can go, or change. */
  withdraw: boolean
  /** To change what was sent, rather than only to remove it. */
  edit: boolean
  /** To bring an answer back by itself, so that nothing need reach this machine. */
  answersBack: boolean
  /** Whether somebody else's servers read the text. */
  thirdParty: boolean
}

/**
 * The most of each text, in characters unless the service counts bytes (UTF-8) or units (UTF-16); null where it sets no
 * bound. A link is never cut: a longer one is left out.
 */
export type PushLimits = Record<'title' | 'message' | 'url' | 'urlTitle', number | null> & {
  count?: 'bytes' | 'units'
  /** Its links open web pages alone; absent: whatever an app of the phone knows. */
  links?: 'web'
}

/** A request to a service. A `body` that is neither a text nor bytes goes as JSON. */
export type PushRequest = {
  url: string
  /** POST unless given. */
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  headers?: Readonly<Record<string, string>>
  body?: unknown
  signal?: AbortSignal | undefined
  /** Whether it is tried again by the rules of `pausesMs`; true unless given. */
  isRepeated?: boolean
  /** Milliseconds that the answer may take, where it is a long one by design. */
  answerMs?: number
  /** Bytes that the answer may have, where it brings much by design; of a longer one nothing is read. */
  maxBytes?: number
}

/** What a service gets, so that its file imports no library and holds no timer, and tests need no network. */
export type PushTools = {
  /**
   * Posts JSON and gives the answer's JSON, or null where it has none. Rejects with a `PushError` when the service has
   * refused or was not there after `pausesMs`, and with the signal's reason when it was aborted.
   */
  post(url: string, body: unknown, signal?: AbortSignal): Promise<unknown>
  /** The same for any request. */
  request(asked: PushRequest): Promise<unknown>
  /**
   * Lines of an answer that goes on, until the signal ends it, the service does, or nothing came for `silenceMs`; only the
   * signal ends it without a `PushError`. Longer ones than `maxBytes` are left out.
   */
  lines(asked: {
    url: string
    headers?: Readonly<Record<string, string>>
    signal: AbortSignal
    silenceMs: number
    maxBytes: number
    /** The service has said that it will send. */
    onOpen(): void
  }): AsyncIterable<string>
  /**
   * Sends a plain mail through a mail server, `smtps://` or `smtp://` with user and password; gives its Message-ID.
   * Rejects as `post` does.
   */
  mail(
    server: string,
    mail: { from: string; to: string; subject: string; text: string; headers: Record<string, string> },
    signal?: AbortSignal,
  ): Promise<string>
  /** Milliseconds since 1970. */
  now(): number
  /** Runs `task` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, task: () => void): () => void
}

/** The service's own settings, as they are in the configuration, with those given that it needs. */
export type SettingsOf<Options extends z.core.$ZodShape, Needed extends keyof Options> = z.output<
  z.ZodObject<Options>
> & { [Name in Needed]: NonNullable<z.output<Options[Name]>> }

type Definition<Options extends z.core.$ZodShape, Needed extends keyof Options & string> = {
  /** In the configuration, in receipts and in the audit, so it never changes: small letters. */
  name: string
  /** What people call it, at the beginning of a sentence. */
  label: string
  /** Where its options stand: `notifications.<name>.<option>`, or as `notifications.<name>_<option>`. */
  place: 'section' | 'prefix'
  options: Options
  /** Options without which it is not set up. */
  needs: readonly Needed[]
  /** Options that are secrets although their name does not say so. */
  secrets: readonly (keyof Options & string)[]
  /** Environment variables that stand above an option. */
  variables: Readonly<Record<string, keyof Options & string>>
  can: PushAbilities
  /** What it cannot do after all with these settings, such as to end what was never begun. */
  canWith?(settings: SettingsOf<Options, Needed>): Partial<PushAbilities>
  limits: PushLimits
  /** Pauses before the second, third … try, where the service may not have heard the first one. */
  pausesMs: readonly number[]
  /** Reads a refusal in the service's own form. */
  explain?(answer: ServiceAnswer): Explained
  /** The settings in an address that people put into `notifications.webhook_url`; null for one that is not its own. */
  fromWebhookUrl?(url: URL): Partial<z.output<z.ZodObject<Options>>> | null
  /** Connects to nothing before the first push. What it is sent fits the limits. */
  create(settings: SettingsOf<Options, Needed>, tools: PushTools): PushService
}

/** A service whose options are nobody's business but its own; `create` gets them as they were read. */
export type PushServiceDefinition = Omit<Definition<z.core.$ZodShape, string>, 'create' | 'canWith'> & {
  canWith?(settings: Record<string, unknown>): Partial<PushAbilities>
  create(settings: Record<string, unknown>, tools: PushTools): PushService
}

/** Checks a definition against its own options. */
export function definePushService<Options extends z.core.$ZodShape, Needed extends keyof Options & string>(
  definition: Definition<Options, Needed>,
): PushServiceDefinition {
  return definition
}
