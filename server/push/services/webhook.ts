/** A webhook of the user's own: every push as one JSON object, and another one when its ask has ended. */
import * as z from 'zod'
import { messageId, signatureHeaders } from '../http/signature.ts'
import { definePushService } from '../port.ts'

/** As they were called before priorities had names. */
const URGENCY = { low: 'quiet', default: 'normal', high: 'high', urgent: 'high' } as const

export const webhook = definePushService({
  name: 'webhook',
  label: 'The webhook',
  place: 'prefix',
  options: {
    url: z
      .url({ protocol: /^https?$/ })
      .refine(
        (text) => !/^https?:\/\/api\.pushover\.net\b(?!.*[?&]token=.*&user=|.*[?&]user=.*&token=)/.test(text),
        'left out: Pushover wants a token and a user key, so set notifications.pushover.user_key and .api_token instead',
      )
      .optional()
      .describe(
        'every push is posted there as JSON, and the end of what it asked; ntfy, Slack and Discord are known by their addresses, and get what they understand',
      ),
    secret: z
      .string()
      .refine(
        (text) => isSecret(text),
        'whsec_ and base64 of 24 to 64 bytes, or a text of 24 letters or more',
      )
      .optional()
      .describe('signs what is posted, so that the receiver can tell that it is from here'),
  },
  needs: ['url'],
  secrets: ['url', 'secret'],
  variables: { RC_WEBHOOK_URL: 'url', RC_WEBHOOK_SECRET: 'secret' },
  can: { buttons: false, withdraw: true, edit: false, answersBack: false, thirdParty: false },
  limits: { title: null, message: null, url: null, urlTitle: null },
  pausesMs: [5_000, 15_000],

  create({ url, secret }, { request, now }) {
    let count = 0
    const post = (content: object, signal?: AbortSignal) => {
      count += 1
      const body = JSON.stringify(content)
      const named = { id: messageId(body, count), at: now(), body }
      const headers = secret === undefined ? {} : signatureHeaders(secret, named)
      return request({ url, headers, body, signal })
    }
    return {
      name: 'webhook',
      async send({ ask, title, message, url: link, priority }, signal) {
        const at = new Date(now()).toISOString()
        const urgency = URGENCY[priority]
        await post({ id: ask, title, message, url: link, urgency, priority, at }, signal)
        return { service: 'webhook', ref: null }
      },
      /** The same id, `ended` instead of a title: whoever shows pushes can take this one away. */
      async withdraw(_, { ask, state, because, answer, by, at }) {
        await post({ id: ask, ended: state, because, answer, by, at: new Date(at).toISOString() })
        return 'told'
      },
    }
  },
})

/** Too short a secret can be found out from one signature. */
function isSecret(text: string): boolean {
  if (!text.startsWith('whsec_')) return text.length >= 24
  const base64 = text.slice(6)
  const bytes = Buffer.from(base64, 'base64')
  return bytes.toString('base64') === base64 && bytes.length >= 24 && bytes.length <= 64
}
