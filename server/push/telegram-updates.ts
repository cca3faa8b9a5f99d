/** What people tap and write in Telegram: https://core.telegram.org/bots/api#getting-updates (9.3). Pure. */
import * as z from 'zod'
import type { Hearing, Told } from '../ports.ts'
import { keepTrying, pause } from './http/keep-trying.ts'
import type { PushTools } from './port.ts'

/** Seconds that the service holds a poll open when there is nothing to tell. */
const POLL_S = 50
/** A poll that brings nothing ends no sooner than this, or whoever answers it does not hold it open. */
const EMPTY_MS = 1_000
/** Updates of one poll: each may hold two texts of 4096 units, spelt out as `\u…`, and a hundred links in them. */
const MOST_UPDATES = 10
const POLL_BYTES = 2 * 1024 * 1024
/** Longest text that the service brings. */
const TEXT_LENGTH = 4_096
/** Longest sentence that a tap is answered with. */
const TOLD_LENGTH = 200

const polled = z.object({ ok: z.literal(true), result: z.array(z.unknown()) })
const person = z.object({ id: z.number(), first_name: z.string().catch(''), username: z.string().optional() })
const update = z.object({
  update_id: z.number().int(),
  callback_query: z
    .object({ id: z.string(), from: person, data: z.string().optional() })
    .optional()
    .catch(undefined),
  message: z
    .object({
      message_id: z.number().int(),
      from: person,
      chat: z.object({ id: z.number() }),
      text: z.string().max(TEXT_LENGTH),
      reply_to_message: z.object({ message_id: z.number().int() }),
    })
    .optional()
    // Whatever else is written there is none of our business.
    .catch(undefined),
})
type Update = z.infer<typeof update>
export type Person = z.infer<typeof person>

/** A method of the bot, with its token. */
export type Call = (
  method: string,
  body: object,
  more?: { signal?: AbortSignal | undefined; isRepeated?: boolean; answerMs?: number; maxBytes?: number },
) => Promise<unknown>

type Polling = {
  tools: PushTools
  hearing: Hearing
  call: Call
  may: (one: Person) => boolean
  /** Which bot of which server it is: another one counts its updates anew. */
  bot: string
  /** What a receipt calls a message. */
  refOf: (chat: number, message: number) => string
  signal: AbortSignal
}

/** Reads what was tapped and written until the signal says otherwise. */
export async function poll({ tools, hearing, call, may, bot, refOf, signal }: Polling): Promise<void> {
  const { memory } = hearing
  // The service forgets what is below it, so it moves on only after an answer has been dealt with. It may go back, too:
  // after a week without updates their numbers begin anywhere.
  let offset = readOffset(memory.get(), bot)
  await keepTrying({ tools, hearing, signal }, async (isWell) => {
    const asked = {
      ...{ offset, limit: MOST_UPDATES, timeout: POLL_S },
      allowed_updates: ['message', 'callback_query'],
    }
    const from = tools.now()
    const how = { isRepeated: false, answerMs: (POLL_S + 10) * 1000, maxBytes: POLL_BYTES }
    const answer = await call('getUpdates', asked, { signal, ...how }).catch((error: Error) => {
      throw toTrouble(error)
    })
    const updates = readUpdates(answer, offset)
    isWell()
    for (const { id, what } of updates) {
      await take(what)
      offset = id + 1
      memory.set(`${bot} ${offset}`)
      // The rest is for whoever listens now.
      if (signal.aborted) return
    }
    if (updates.length === 0 && tools.now() - from < EMPTY_MS) await pause(tools, EMPTY_MS, signal)
  })

  async function take({ callback_query: tap, message }: Update): Promise<void> {
    if (tap !== undefined) {
      const told = may(tap.from)
        ? await hearing.answer({ code: tap.data ?? '', person: nameOf(tap.from) })
        : STRANGER
      const text = told.words.slice(0, TOLD_LENGTH)
      await call('answerCallbackQuery', { callback_query_id: tap.id, text, show_alert: !told.isTaken }).catch(
        () => {},
      )
    } else if (message !== undefined && may(message.from)) {
      const { text, from, chat, message_id: own, reply_to_message: to } = message
      const ref = refOf(chat.id, to.message_id)
      const told = await hearing.answer({ text, ref, person: nameOf(from) })
      const reply = { chat_id: chat.id, text: told.words, reply_parameters: { message_id: own } }
      if (told.isKnown)
        await call('sendMessage', { ...reply, disable_notification: told.isTaken }).catch(() => {})
    }
  }
}

function readOffset(text: string | null, bot: string): number {
  const [known, from] = (text ?? '').split(' ')
  return known === bot && /^\d{1,15}$/.test(from ?? '') ? Number(from) : 0
}

/** What a poll has brought, of any kind. Throws where the next one would bring the same, and be asked for without end. */
function readUpdates(answer: unknown, offset: number): { id: number; what: Update }[] {
  const read = polled.safeParse(answer)
  if (!read.success) throw new Error(UNREADABLE)
  const updates = read.data.result.flatMap((one) => {
    const { success, data } = update.safeParse(one)
    return success ? [{ id: data.update_id, what: data }] : []
  })
  const last = updates.at(-1)
  if (read.data.result.length > 0 && (last === undefined || last.id + 1 === offset))
    throw new Error(UNREADABLE)
  return updates
}

/** Why no answer can be read, as a sentence that says what to do. */
function toTrouble(error: Error & { status?: number | null }): Error {
  const words = TROUBLES[error.status ?? 0]
  return words === undefined ? error : Object.assign(error, { message: words })
}

const UNKNOWN =
  'Telegram knows no bot of this token: put the one that @BotFather shows into notifications.telegram.bot_token.'
const TROUBLES: Readonly<Record<number, string>> = {
  401: UNKNOWN,
  404: UNKNOWN,
  409: 'Another program reads the messages of this Telegram bot, or a webhook is set for it: one bot for one machine, as docs/push.md says.',
  429: 'Telegram has been asked too often, and wants to be left alone for a while.',
}
const UNREADABLE =
  'What answers in place of Telegram is no Telegram: check notifications.telegram.api_url, and any proxy on the way.'

const STRANGER: Told = {
  isTaken: false,
  isKnown: false,
  words: 'You are not among notifications.telegram.users, so this does nothing.',
}

function nameOf({ first_name: name, username }: Person): string {
  return username === undefined ? name : `${name} @${username}`.trim()
}
