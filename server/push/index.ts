/** Every push service there is. A new one is a file beside this one and a line here. */
import type { NotificationSettings } from '../options.ts'
import type { PushService } from '../ports.ts'
import { createPushover } from './pushover.ts'
import { createWebhook } from './webhook.ts'

/** The services that the configuration has set up. */
export function createPushServices({ pushover, webhook_url }: NotificationSettings): PushService[] {
  const { user_key, api_token } = pushover
  const services: PushService[] = []
  if (user_key !== undefined && api_token !== undefined) {
    services.push(createPushover({ ...pushover, user_key, api_token }))
  }
  if (webhook_url !== undefined) services.push(createWebhook(webhook_url))
  return services
}
