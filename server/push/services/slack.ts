/** Slack, through an incoming webhook: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
import * as z from 'zod'
import type { Push } from '../../ports.ts'
import { definePushService } from '../port.ts'

/** Those of workflows take variables, flat as in our own JSON, and no blocks. */
const ADDRESS = /^https:\/\/hooks\.slack(-gov)?\.com\/services\/\S+$/

export const slack = definePushService({
  name: 'slack',
  label: 'Slack',
  place: 'section',
  options: {
    webhook_url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('an incoming webhook of an app of yours; it holds the channel, too'),
  },
  needs: ['webhook_url'],
  secrets: ['webhook_url'],
  variables: { SLACK_WEBHOOK_URL: 'webhook_url' },
  // A webhook can neither change nor remove what it has sent; its buttons only open the page.
  can: { buttons: false, withdraw: false, edit: false, answersBack: false, thirdParty: true },
  limits: { title: 150, message: 3_000, url: 3_000, urlTitle: 75, count: 'units', links: 'web' },
  pausesMs: [5_000, 15_000],
  /** It refuses with a word such as `no_service`. */
  explain: ({ text }) => ({ why: /^[a-z_]{3,60}$/.test(text.trim()) ? text.trim() : undefined }),
  fromWebhookUrl: ({ href }) => (ADDRESS.test(href) ? { webhook_url: href } : null),

  create: ({ webhook_url: url }, { post }) => ({
    name: 'slack',
    async send(push, signal) {
      await post(url, toMessage(push), signal)
      return { service: 'slack', ref: null }
    },
  }),
})

/** Plain text throughout, so that no word of an agent calls a channel or hides a link. */
function toMessage({ title, message, url, urlTitle }: Push): object {
  const plain = (text: string) => ({ type: 'plain_text', text, emoji: false })
  const link = { type: 'button', text: plain(urlTitle ?? 'Open'), url, action_id: 'open' }
  return {
    text: escaped(`${title}\n${message}`),
    blocks: [
      { type: 'header', text: plain(title) },
      { type: 'section', text: plain(message) },
      ...(url === null ? [] : [{ type: 'actions', elements: [link] }]),
    ],
    ...{ unfurl_links: false, unfurl_media: false },
  }
}

/** What notifications show; the three characters that begin its own marks. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
