/** Discord, through a webhook of a channel: https://docs.discord.com/developers/resources/webhook */
import * as z from 'zod'
import type { Push, PushEnd } from '../../ports.ts'
import { definePushService } from '../port.ts'

const ADDRESS = /^https:\/\/(?:\w+\.)?discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/\d+\/[\w-]+$/
const GREY = 0x80_84_8e
const ACTION_ROW = 1
const BUTTON = 2
const LINK = 5

export const discord = definePushService({
  name: 'discord',
  label: 'Discord',
  place: 'section',
  options: {
    webhook_url: z
      .url({ protocol: /^https?$/ })
      .refine((text) => URL.parse(text)?.search === '', 'the address as Discord gives it, without a query')
      .optional()
      .describe('a webhook of a channel'),
  },
  needs: ['webhook_url'],
  secrets: ['webhook_url'],
  variables: { DISCORD_WEBHOOK_URL: 'webhook_url' },
  can: { buttons: false, withdraw: true, edit: true, answersBack: false, thirdParty: true },
  // Escaping may double a text, and an embed holds 256 and 4096, in the end with what became of it.
  limits: { title: 128, message: 1_900, url: 512, urlTitle: 80, count: 'units', links: 'web' },
  pausesMs: [5_000, 15_000],
  explain({ json }) {
    const { message, retry_after: after } = (json ?? {}) as { message?: unknown; retry_after?: unknown }
    return {
      why: typeof message === 'string' ? message : undefined,
      waitMs: typeof after === 'number' ? after * 1000 : undefined,
    }
  },
  fromWebhookUrl: ({ href }) => (ADDRESS.test(href) ? { webhook_url: href } : null),

  create: ({ webhook_url: url }, { request }) => ({
    name: 'discord',
    /** It tells the id of the message only to who waits for it. */
    async send(push, signal) {
      const sent = await request({
        url: `${url}?wait=true&with_components=true`,
        body: toMessage(push),
        signal,
      })
      const { id } = (sent ?? {}) as { id?: unknown }
      return { service: 'discord', ref: typeof id === 'string' && /^\d{1,30}$/.test(id) ? id : null }
    },
    /** Without `with_components` it would leave the button as it was. */
    async withdraw({ ref }, end) {
      if (ref === null) return null
      const edited = `${url}/messages/${ref}?with_components=true`
      await request({ url: edited, method: 'PATCH', body: toEnded(end) })
      return 'edited'
    },
  }),
})

function toMessage({ title, message, url, urlTitle }: Push): object {
  const link = { type: BUTTON, style: LINK, label: urlTitle ?? 'Open', url }
  return {
    embeds: [{ title: plain(title), description: plain(message) }],
    allowed_mentions: { parse: [] },
    ...(url !== null && { components: [{ type: ACTION_ROW, components: [link] }] }),
  }
}

function toEnded({ title, message, words }: PushEnd): object {
  const description = [plain(message), plain(words)].filter((text) => text !== '').join('\n\n')
  return {
    embeds: [{ title: plain(title), description, color: GREY }],
    allowed_mentions: { parse: [] },
    components: [],
  }
}

/** No word of an agent is read as markup: a link with another text, a hidden part, a quote, a mention. */
function plain(text: string): string {
  return text.replace(/[\\*_~`|>#\-[\]()<@:]/g, '\\$&')
}
