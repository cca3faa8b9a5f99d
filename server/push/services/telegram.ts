/** Telegram, as a bot of the user's own: https://core.telegram.org/bots/api (9.3) */
import * as z from 'zod'
import type { Hearing, Push, PushEnd, Told } from '../../ports.ts'
import { keepTrying } from '../keep-trying.ts'
import { definePushService, type PushTools } from '../port.ts'

/** Seconds that the service holds a poll open when there is nothing to tell. */
const POLL_S = 50
const TOKEN = /^\d{1,20}:[A-Za-z0-9_-]{20,100}$/
/** Longest sentence that a tap is answered with. */
const TOLD_LENGTH = 200

const options = {
  bot_token: z
    .string()
    .regex(TOKEN, 'a token such as 123456:ABC-…, as BotFather gives it')
    .optional()
    .describe('the token of a bot that is yours alone: no other program may read its messages'),
  chat_id: z
    .union([
      z.number().int(),
      z.string().regex(/^(-?\d{1,20}|@\w{5,32})$/, 'a number, or the @name of a channel'),
    ])
    .optional()
    .describe('the chat that is written to: yours with the bot, or that of a group'),
  users: z
    .array(z.number().int().positive())
    .min(1)
    .optional()
    .describe(
      'who may answer, as numbers; you alone where the chat is yours, and nobody in a group unless you say so',
    ),
  api_url: z
    .url({ protocol: /^https?$/ })
    .default('https://api.telegram.org')
    .describe('for a server of your own'),
}

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
type Person = z.infer<typeof person>

export const telegram = definePushService({
  name: 'telegram',
  label: 'Telegram',
  place: 'section',
  options,
  needs: ['bot_token', 'chat_id'],
  secrets: ['bot_token'],
  variables: { TELEGRAM_BOT_TOKEN: 'bot_token', TELEGRAM_CHAT_ID: 'chat_id' },
  can: { buttons: true, withdraw: true, edit: true, answersBack: true, thirdParty: true },
  // All of it is one text of at most 4096 units.
  limits: { title: 250, message: 3_000, url: 700, urlTitle: 60, count: 'units' },
  pausesMs: [5_000, 15_000],
  explain({ json }) {
    const { description, parameters } = (json ?? {}) as {
      description?: unknown
      parameters?: { retry_after?: unknown }
    }
    const after = parameters?.retry_after
    return {
      why: typeof description === 'string' ? description : undefined,
      waitMs: typeof after === 'number' ? after * 1000 : undefined,
    }
  },

  create({ bot_token: token, chat_id: chat, users, api_url: api }, tools) {
    const call: Call = (method, body, more = {}) =>
      tools.request({ url: `${api.replace(/\/+$/, '')}/bot${token}/${method}`, body, ...more })
    const may = toMay(chat, users)
    return {
      name: 'telegram',
      async send(push, signal) {
        const { result } = ((await call('sendMessage', { chat_id: chat, ...toMessage(push) }, { signal })) ??
          {}) as { result?: { message_id?: unknown } }
        const id = result?.message_id
        return { service: 'telegram', ref: typeof id === 'number' ? String(id) : null }
      },
      async withdraw({ ref }, end) {
        const change = { chat_id: chat, message_id: Number(ref), ...toEnded(end) }
        await call('editMessageText', change)
        return 'edited'
      },
      listen(hearing) {
        const end = new AbortController()
        void poll({ tools, hearing, call, may, chat, signal: end.signal })
        return { stop: () => end.abort() }
      },
    }
  },
})

type Call = (
  method: string,
  body: object,
  more?: { signal?: AbortSignal | undefined; isRepeated?: boolean; answerMs?: number },
) => Promise<unknown>

/** A private chat has the number of the person in it. In a group anybody could tap, so somebody has to be named. */
function toMay(chat: number | string, users: readonly number[] | undefined): (one: Person) => boolean {
  return ({ id }) => users?.includes(id) ?? String(chat) === String(id)
}

/** The title in bold, as an entity: no text of an agent is ever read as markup. */
function toMessage({ title, message, url, urlTitle, buttons, priority }: Push): object {
  const canLink = url !== null && isLinkable(url)
  const link = url !== null && !canLink ? `\n\n${url}` : ''
  const answers = buttons.map(({ label, code }) => ({ text: label, callback_data: code }))
  const page = canLink ? [{ text: urlTitle ?? 'Open', url }] : []
  const rows = [answers, page].filter((row) => row.length > 0)
  return {
    text: `${title}\n${message}${link}`,
    entities: [{ type: 'bold', offset: 0, length: title.length }],
    link_preview_options: { is_disabled: true },
    disable_notification: priority === 'low',
    ...(rows.length > 0 && { reply_markup: { inline_keyboard: rows } }),
  }
}

function toEnded({ title, message, words }: PushEnd): object {
  const text = `${title}\n${message}${message === '' ? '' : '\n\n'}${words}`
  return {
    ...{ text, entities: [{ type: 'bold', offset: 0, length: title.length }] },
    ...{ link_preview_options: { is_disabled: true }, reply_markup: { inline_keyboard: [] } },
  }
}

/** A button is refused, and the message with it, for a host without a dot. */
function isLinkable(url: string): boolean {
  const { protocol = '', hostname = '' } = URL.parse(url) ?? {}
  return /^https?:$/.test(protocol) && hostname.includes('.') && !/^[\d.]+$|\.localhost$/.test(hostname)
}

type Polling = {
  tools: PushTools
  hearing: Hearing
  call: Call
  may: (one: Person) => boolean
  chat: number | string
  signal: AbortSignal
}

/** Reads what was tapped and written until the signal says otherwise. */
async function poll({ tools, hearing, call, may, chat, signal }: Polling): Promise<void> {
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
