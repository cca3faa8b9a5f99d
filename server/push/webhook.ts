/** A webhook of the user's own: every push as one JSON object. */
import type { PushService } from '../ports.ts'
import { postJson } from './post.ts'

/** Posts to `url` and follows no redirect. */
export function createWebhook(url: string, pausesMs?: readonly number[]): PushService {
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
      await postJson({ service: 'The webhook', url, body, ...(pausesMs && { pausesMs }) })
      return { service: 'webhook', ref: null }
    },
  }
}
