/** Every push service there is. A new one is a file beside this one and a line here. */
import type { NotificationSettings } from '../options.ts'
import type { PushService } from '../ports.ts'
import { createPushWay, type PushProxy } from './proxy.ts'
import { createPushover } from './pushover.ts'
import { createWebhook } from './webhook.ts'

/** The services that the configuration has set up. */
export function createPushServices(
  { pushover, webhook_url }: NotificationSettings,
  proxy: PushProxy,
): PushService[] {
  const way = createPushWay(proxy)
  const { user_key, api_token } = pushover
  const services: PushService[] = []
  if (user_key !== undefined && api_token !== undefined) {
    services.push(createPushover({ ...pushover, user_key, api_token }, undefined, way))
  }
  if (webhook_url !== undefined) services.push(createWebhook(webhook_url, undefined, way))
  return services
}
