/** A webhook of the user's own: every push as one JSON object, and another one when its ask has ended. */
import * as z from 'zod'
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
      .optional()
      .describe('every push is posted there as JSON, and the end of what it asked'),
  },
  needs: ['url'],
  secrets: ['url'],
  variables: { RC_WEBHOOK_URL: 'url' },
  can: { buttons: false, withdraw: true, edit: false, answersBack: false, thirdParty: false },
  limits: { title: null, message: null, url: null, urlTitle: null },
  pausesMs: [5_000, 15_000],

  create({ url }, { post, now }) {
    return {
      name: 'webhook',
      async send({ ask, title, message, url: link, priority }, signal) {
        const at = new Date(now()).toISOString()
        await post(
          url,
          { id: ask, title, message, url: link, urgency: URGENCY[priority], priority, at },
          signal,
        )
        return { service: 'webhook', ref: null }
      },
      /** The same id, `ended` instead of a title: whoever shows pushes can take this one away. */
      async withdraw(_, { ask, state, because, answer, by, at }) {
        await post(url, { id: ask, ended: state, because, answer, by, at: new Date(at).toISOString() })
        return 'told'
      },
    }
  },
})
