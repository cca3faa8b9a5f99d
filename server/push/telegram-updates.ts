/** What people tap and write in Telegram: https://core.telegram.org/bots/api#getting-updates (9.3). Pure. */
import * as z from 'zod'
import type { Hearing, Told } from '../ports.ts'
import { keepTrying } from './http/keep-trying.ts'
import type { PushTools } from './port.ts'

/** Seconds that the service holds a poll open when there is nothing to tell. */
const POLL_S = 50
/** Longest sentence that a tap is answered with. */
const TOLD_LENGTH = 200

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
      text: z.string(),
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
  more?: { signal?: AbortSignal | undefined; isRepeated?: boolean; answerMs?: number },
) => Promise<unknown>

type Polling = {
  tools: PushTools
  hearing: Hearing
  call: Call
  may: (one: Person) => boolean
  chat: number | string
  signal: AbortSignal
}

/** Reads what was tapped and written until the signal says otherwise. */
export async function poll({ tools, hearing, call, may, chat, signal }: Polling): Promise<void> {
  const { memory } = hearing
  // The service forgets what is below it, so it moves on only after an answer has been dealt with.
  let offset = Number(memory.get() ?? 0)
  await keepTrying({ tools, hearing, signal }, async (isWell) => {
    const asked = { offset, timeout: POLL_S, allowed_updates: ['message', 'callback_query'] }
    const answer = await call('getUpdates', asked, {
      signal,
      isRepeated: false,
      answerMs: (POLL_S + 10) * 1000,
    }).catch((error: Error) => {
      throw /Conflict/.test(error.message) ? Object.assign(error, { message: CONFLICT }) : error
    })
    isWell()
    const { result = [] } = (answer ?? {}) as { result?: unknown }
    for (const one of Array.isArray(result) ? result : []) {
      const read = update.safeParse(one)
      if (read.success) await take(read.data)
      const { update_id: id } = one as { update_id?: unknown }
      if (typeof id !== 'number') continue
      offset = id + 1
      memory.set(String(offset))
    }
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
    } else if (message !== undefined && may(message.from) && isSameChat(message.chat.id)) {
      const { text, from, message_id: own, reply_to_message: to } = message
      const told = await hearing.answer({ text, ref: String(to.message_id), person: nameOf(from) })
      const reply = { chat_id: message.chat.id, text: told.words, reply_parameters: { message_id: own } }
      if (told.isKnown)
        await call('sendMessage', { ...reply, disable_notification: told.isTaken }).catch(() => {})
    }
  }

  /** A channel that is known by its name can be written to; nobody answers there. */
  function isSameChat(id: number): boolean {
    return String(chat) === String(id)
  }
}

const STRANGER: Told = {
  isTaken: false,
  isKnown: false,
  words: 'You are not among notifications.telegram.users, so this does nothing.',
}
const CONFLICT =
  'Another program reads the messages of this Telegram bot, or a webhook is set for it: one bot for one machine, as docs/push.md says.'

function nameOf({ first_name: name, username }: Person): string {
  return username === undefined ? name : `${name} @${username}`.trim()
}
