/** A small Telegram Bot API that keeps the documented rules, and a phone before it: https://core.telegram.org/bots/api */
import type { ServerResponse } from 'node:http'
import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import { type Reply, startRecorder } from '../recorder.ts'
import type { StandIn } from './stand-in.ts'

const TOKEN = `123456789:AA${'Ab-_'.repeat(8)}z`
export const OWNER = 4711
const BOT = { id: 123_456_789, is_bot: true, first_name: 'rc' }

const button = z.union([
  z.strictObject({
    text: z.string().min(1).max(64),
    callback_data: z.string().refine((data) => Buffer.byteLength(data) <= 64 && data !== ''),
  }),
  z.strictObject({
    text: z.string().min(1).max(64),
    url: z.url().refine((url) => new URL(url).hostname.includes('.'), 'BUTTON_URL_INVALID'),
  }),
])
const message = z.strictObject({
  chat_id: z.union([z.number(), z.string()]),
  text: z.string().min(1).max(4_096),
  entities: z
    .array(
      z.strictObject({
        type: z.literal('bold'),
        offset: z.number().int().min(0),
        length: z.number().int().min(1),
      }),
    )
    .optional(),
  link_preview_options: z.strictObject({ is_disabled: z.boolean() }).optional(),
  disable_notification: z.boolean().optional(),
  reply_markup: z.strictObject({ inline_keyboard: z.array(z.array(button)) }).optional(),
  reply_parameters: z.strictObject({ message_id: z.number() }).optional(),
})
const edit = message
  .omit({ disable_notification: true, reply_parameters: true })
  .extend({ message_id: z.number() })
const told = z.strictObject({
  callback_query_id: z.string(),
  text: z.string().max(200),
  show_alert: z.boolean(),
})
const polled = z.strictObject({
  offset: z.number().int(),
  limit: z.number().int().min(1).max(100).default(100),
  timeout: z.number().int().min(1).max(50),
  allowed_updates: z.array(z.string()),
})

type Shown = z.infer<typeof message> & { id: number; isEdited: boolean }
type Update = { update_id: number; callback_query?: { id: string } }
type Poll = { response: ServerResponse; offset: number; limit: number }

export type TelegramPhone = Omit<StandIn, 'tap' | 'type'> & {
  /** What each tap and each text was told, in the order in which that came. */
  told: string[]
  /** Every message in the chat as it stands now, those of ours that reply to a person's included. */
  messages: Shown[]
  tap(at: number, label: string, by?: number): Promise<void>
  /** Gives a tap on the button as it is now, for an app that hears late of what becomes of the message. */
  hold(at: number, label: string, by?: number): () => Promise<void>
  type(at: number, text: string, by?: number): Promise<void>
  /** Takes the message out of the chat. */
  remove(at: number): void
  /** Whether somebody waits for what is tapped and written. */
  isPolled(): boolean
  /** The next update has that number, as after a week of silence. */
  countFrom(id: number): void
  /** Callbacks that nobody has answered: the app shows a clock on the button. */
  unanswered(): number
}

export async function startStandIn(): Promise<TelegramPhone> {
  const broken: string[] = []
  const toldAll: string[] = []
  const messages: Shown[] = []
  const callbacks = new Set<string>()
  let updates: Update[] = []
  let waiting: Poll | null = null
  let count = 0
  let nextUpdate = 70_001

  const recorder = await startRecorder(({ path, body }) => {
    const [, token, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(path) ?? []
    if (token !== TOKEN) return refuse(401, 'Unauthorized')
    switch (method) {
      case 'sendMessage': {
        const read = message.safeParse(body)
        if (!read.success) return refuse(400, `Bad Request: ${z.prettifyError(read.error)}`)
        const [entity] = read.data.entities ?? []
        if (entity && entity.offset + entity.length > read.data.text.length)
          return refuse(400, 'Bad Request: entities')
        count += 1
        messages.push({ ...read.data, id: count, isEdited: false })
        if (read.data.reply_parameters !== undefined) toldAll.push(read.data.text)
        return { status: 200, body: { ok: true, result: shownTo(read.data.chat_id, count) } }
      }
      case 'editMessageText': {
        const read = edit.safeParse(body)
        if (!read.success) return refuse(400, `Bad Request: ${z.prettifyError(read.error)}`)
        const { message_id: id, chat_id: chat } = read.data
        const one = messages.find((shown) => shown.id === id && String(shown.chat_id) === String(chat))
        // Both are everyday answers, and nobody's fault.
        if (one === undefined) return no(400, 'Bad Request: message to edit not found')
        const isSame =
          one.text === read.data.text && isDeepStrictEqual(one.reply_markup, read.data.reply_markup)
        if (isSame) return no(400, 'Bad Request: message is not modified: specified new message content …')
        Object.assign(one, read.data, { isEdited: true })
        return { status: 200, body: { ok: true, result: { message_id: one.id } } }
      }
      case 'answerCallbackQuery': {
        const read = told.safeParse(body)
        if (!read.success) return refuse(400, z.prettifyError(read.error))
        if (!callbacks.delete(read.data.callback_query_id)) broken.push('a callback was answered twice')
        toldAll.push(read.data.text)
        return { status: 200, body: { ok: true, result: true } }
      }
      case 'getUpdates': {
        const read = polled.safeParse(body)
        if (!read.success) return refuse(400, z.prettifyError(read.error))
        if (waiting !== null) {
          waiting.response.writeHead(409).end(JSON.stringify(CONFLICT))
          broken.push('two polls at a time')
        }
        const { offset, limit } = read.data
        return {
          by(response) {
            waiting = { response, offset, limit }
            response.on('close', () => {
              if (waiting?.response === response) waiting = null
            })
            hand()
          },
        }
      }
      default:
        return refuse(404, 'Not Found')
    }
  })

  function refuse(status: number, description: string): Reply {
    broken.push(description)
    return no(status, description)
  }

  function no(status: number, description: string): Reply {
    return { status, body: { ok: false, error_code: status, description } }
  }

  /**
   * What is below the offset of a poll is confirmed, and forgotten. An offset that lies far from what there is counts as
   * none (the server's own source: "Specified from_id is in the future").
   */
  function hand(): void {
    if (waiting === null) return
    const { response, offset, limit } = waiting
    if (offset <= nextUpdate + 10) {
      const isForgotten = ({ update_id: id }: Update) => id < offset
      for (const { callback_query: callback } of updates.filter(isForgotten))
        if (callback !== undefined && callbacks.has(callback.id))
          broken.push('a callback was confirmed, and not answered')
      updates = updates.filter((one) => !isForgotten(one))
    }
    if (updates.length === 0) return
    waiting = null
    const text = JSON.stringify({ ok: true, result: updates.slice(0, limit) })
    response.writeHead(200, { 'content-type': 'application/json' }).end(toAscii(text))
  }

  function tell(update: object): void {
    updates.push({ update_id: nextUpdate, ...update })
    nextUpdate += 1
    hand()
  }

  /** The message as updates and answers have it. */
  function shownTo(chat: number | string, id: number): object {
    const { text, entities, reply_markup } = messages.find((one) => one.id === id) ?? {}
    const where = { id: typeof chat === 'number' ? chat : Number(chat), type: 'private' }
    return { message_id: id, from: BOT, chat: where, date: 1_790_000_000, text, entities, reply_markup }
  }

  const next = () => {
    count += 1
    return count
  }
  const asks = () => messages.filter(({ reply_parameters: reply }) => reply === undefined)
  const who = (id: number): object => ({ id, is_bot: false, first_name: 'Anna', username: 'anna_b' })
  const shownOf = ({ text, entities: [bold] = [], reply_markup: markup }: Shown) => {
    const title = text.slice(0, bold?.length)
    const link = markup?.inline_keyboard.flat().find((one) => 'url' in one)
    return {
      ...{ title, message: text.slice(title.length + 1), urlTitle: link?.text ?? null },
      url: link !== undefined && 'url' in link ? link.url : null,
    }
  }

  function hold(at: number, label: string, by = OWNER): () => Promise<void> {
    const one = asks()[at]
    const pressed = one?.reply_markup?.inline_keyboard.flat().find(({ text }) => text === label)
    if (one === undefined || pressed === undefined || !('callback_data' in pressed))
      throw new Error(`there is no button ${label}`)
    const { callback_data: data } = pressed
    return async () => {
      const id = `cb${next()}`
      callbacks.add(id)
      const about = { message: shownTo(one.chat_id, one.id), chat_instance: '-1' }
      tell({ callback_query: { id, from: who(by), data, ...about } })
    }
  }

  return {
    recorder,
    notifications: { telegram: { bot_token: TOKEN, chat_id: OWNER, api_url: recorder.url } },
    broken,
    shown: () => asks().map(shownOf),
    ended: () =>
      asks().flatMap(({ isEdited, reply_markup: markup }) =>
        isEdited && markup?.inline_keyboard.length === 0 ? ['abc234'] : [],
      ),
    refusal: {
      status: 403,
      body: { ok: false, error_code: 403, description: 'Forbidden: bot was blocked by the user' },
    },
    buttons: () =>
      asks().map(({ reply_markup: markup }) =>
        (markup?.inline_keyboard.flat() ?? []).flatMap((one) =>
          'callback_data' in one ? [{ label: one.text, code: one.callback_data }] : [],
        ),
      ),
    hold,
    tap: (at, label, by) => hold(at, label, by)(),
    async type(at: number, text: string, by = OWNER) {
      const to = asks()[at]
      const chat = { id: Number(to?.chat_id ?? OWNER), type: 'private' }
      tell({
        message: {
          ...{ message_id: next(), from: who(by), chat, date: 1_790_000_000, text },
          ...(to !== undefined && { reply_to_message: shownTo(to.chat_id, to.id) }),
        },
      })
    },
    remove(at: number): void {
      const one = asks()[at]
      if (one !== undefined) messages.splice(messages.indexOf(one), 1)
    },
    isPolled: () => waiting !== null,
    countFrom(id: number): void {
      nextUpdate = id
    },
    person: 'Anna @anna_b',
    told: toldAll,
    messages,
    unanswered: () => callbacks.size,
  }
}

/** Everything else is spelt out, as the service does. */
function toAscii(json: string): string {
  return json.replace(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const CONFLICT = {
  ok: false,
  error_code: 409,
  description:
    'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
}
