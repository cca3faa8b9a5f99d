/** A webhook of the user's own: every push as one JSON object, and another one when its ask has ended. */
import type { PushService } from '../ports.ts'
import { postJson } from './post.ts'
import type { PushWay } from './proxy.ts'

/** Posts to `url` and follows no redirect. */
export function createWebhook(url: string, pausesMs?: readonly number[], way?: PushWay): PushService {
  const post = (body: unknown) =>
    postJson({ service: 'The webhook', url, body, ...(pausesMs && { pausesMs }), ...(way && { way }) })
  return {
    name: 'webhook',
    async send(push) {
      const body = {
        id: push.ask,
        title: push.title,
        message: push.message,
        url: push.url,
        urgency: push.urgency,
        at: new Date().toISOString(),
      }
      await post(body)
      return { service: 'webhook', ref: null }
    },
    /** The same id, `ended` instead of a title: whoever shows pushes can take this one away. */
    async withdraw(_, { ask, state, because, answer, by, at }) {
      await post({ id: ask, ended: state, because, answer, by, at: new Date(at).toISOString() })
    },
  }
}
