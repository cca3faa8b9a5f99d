/** Pushover: https://pushover.net/api */
import * as z from 'zod'
import type { Push } from '../../ports.ts'
import { definePushService, type SettingsOf } from '../port.ts'

/** 1 passes the quiet hours that a person has set in the app, 2 rings until somebody says so: both by choice alone. */
const PRIORITIES = { low: -1, default: 0, high: 0, urgent: 0 } as const

const key = z.string().regex(/^[A-Za-z0-9]{30}$/, '30 letters and digits')
const level = z.number().int().min(-2).max(1)
const options = {
  user_key: key.optional().describe('your user or group key'),
  api_token: key.optional().describe('the token of an application that you registered'),
  api_url: z
    .url({ protocol: /^https?$/ })
    .default('https://api.pushover.net')
    .describe('for a stand-in'),
  priority: z
    .strictObject({
      low: level.optional(),
      default: level.optional(),
      high: level.optional(),
      urgent: level.optional(),
    })
    .optional()
    .describe(
      "Pushover's own priority, -2 to 1, for each of ours; 1 passes its quiet hours; 0, and -1 for low, unless set",
    ),
  device: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,25}$/, 'up to 25 letters, digits, _ or -')
    .optional()
    .describe('only this device'),
}
type Settings = SettingsOf<typeof options, 'user_key' | 'api_token'>

export const pushover = definePushService({
  name: 'pushover',
  label: 'Pushover',
  place: 'section',
  options,
  needs: ['user_key', 'api_token'],
  secrets: [],
  variables: { PUSHOVER_USER_KEY: 'user_key', PUSHOVER_API_TOKEN: 'api_token' },
  // It can take no message back: it goes by itself at the ask's deadline, and until then its link says what became of it.
  can: { buttons: false, withdraw: false, edit: false, answersBack: false, thirdParty: true },
  limits: { title: 250, message: 1024, url: 512, urlTitle: 100 },
  // It wants at least 5 s between them.
  pausesMs: [5_000, 15_000],

  create(settings, { post }) {
    const url = `${settings.api_url.replace(/\/+$/, '')}/1/messages.json`
    let last: Promise<unknown> = Promise.resolve()
    return {
      name: 'pushover',
      /** One push after another: the service wants at most two connections. */
      async send(push, signal) {
        const sent = last.then(() => post(url, toMessage(settings, push), signal))
        last = sent.catch(() => {})
        const { request } = ((await sent) ?? {}) as { request?: unknown }
        return { service: 'pushover', ref: typeof request === 'string' ? request : null }
      },
    }
  },
})

function toMessage(settings: Settings, push: Push): Record<string, string | number> {
  return {
    token: settings.api_token,
    user: settings.user_key,
    title: push.title,
    message: push.message,
    priority: settings.priority?.[push.priority] ?? PRIORITIES[push.priority],
    ...(push.url !== null && { url: push.url }),
    ...(push.url !== null && push.urlTitle !== null && { url_title: push.urlTitle }),
    ...(push.ttlSeconds !== null && { ttl: push.ttlSeconds }),
    ...(settings.device !== undefined && { device: settings.device }),
  }
}
