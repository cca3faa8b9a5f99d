/** Telegram, as a bot of the user's own: https://core.telegram.org/bots/api (9.3) */
import * as z from 'zod'
import type { Push, PushEnd } from '../../ports.ts'
import { definePushService } from '../port.ts'
import { type Call, type Person, poll } from '../telegram-updates.ts'

const TOKEN = /^\d{1,20}:[A-Za-z0-9_-]{20,100}$/

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

const refusal = z.object({
  description: z.string().optional(),
  parameters: z
    .object({
      retry_after: z.number().nonnegative().optional().catch(undefined),
      migrate_to_chat_id: z.number().int().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
})
const sent = z.object({
  result: z.object({ message_id: z.number().int(), chat: z.object({ id: z.number().int() }) }),
})

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
  limits: { title: 250, message: 3_000, url: 700, urlTitle: 60, count: 'units', links: 'web' },
  pausesMs: [5_000, 15_000],
  canWith: ({ chat_id: chat, users }) => {
    const isAnswered = isAnsweredBySomebody(chat, users)
    return { buttons: isAnswered, answersBack: isAnswered }
  },
  explain({ json }) {
    const read = refusal.safeParse(json)
    if (!read.success) return {}
    const { description, parameters: { retry_after: after, migrate_to_chat_id: now } = {} } = read.data
    return {
      why: now === undefined ? description : `${description}; its chat_id is ${now} now`,
      waitMs: after === undefined ? undefined : after * 1000,
    }
  },

  create({ bot_token: token, chat_id: chat, users, api_url: api }, tools) {
    const call: Call = (method, body, more = {}) =>
      tools.request({ url: `${api.replace(/\/+$/, '')}/bot${token}/${method}`, body, ...more })
    // The number of the bot, which is no secret. A message's own number means nothing without it and the chat.
    const [bot = ''] = token.split(':')
    const refOf = (inChat: number, message: number) => `${bot}/${inChat}/${message}`
    return {
      name: 'telegram',
      async send(push, signal) {
        const buttons = isAnsweredBySomebody(chat, users) ? push.buttons : []
        const body = { chat_id: chat, ...toMessage({ ...push, buttons }) }
        const read = sent.safeParse(await call('sendMessage', body, { signal }))
        const ref = read.success ? refOf(read.data.result.chat.id, read.data.result.message_id) : null
        return { service: 'telegram', ref }
      },
      async withdraw({ ref }, end) {
        const [, by, inChat, message] = /^(\d+)\/(-?\d+)\/(\d+)$/.exec(ref ?? '') ?? []
        // What another bot has sent is out of reach.
        if (by !== bot) return null
        const change = { chat_id: Number(inChat), message_id: Number(message), ...toEnded(end) }
        try {
          await call('editMessageText', change)
        } catch (error) {
          const { message: why } = error as Error
          if (/message to edit not found/i.test(why)) return null
          // An earlier try got through.
          if (!/message is not modified/i.test(why)) throw error
        }
        return 'edited'
      },
      listen(hearing) {
        const end = new AbortController()
        const may = toMay(chat, users)
        const reading = { bot: `${new URL(api).host}/${bot}`, refOf, may, signal: end.signal }
        void poll({ tools, hearing, call, ...reading })
        return { stop: () => end.abort() }
      },
    }
  },
})

type Chat = number | string
type Users = readonly number[] | undefined

/** A private chat has the number of the person in it. In a group anybody could tap, so somebody has to be named. */
function toMay(chat: Chat, users: Users): (one: Person) => boolean {
  return ({ id }) => users?.includes(id) ?? String(chat) === String(id)
}

/** A group's number is negative, and a channel has a name. */
function isAnsweredBySomebody(chat: Chat, users: Users): boolean {
  return users !== undefined || Number(chat) > 0
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
