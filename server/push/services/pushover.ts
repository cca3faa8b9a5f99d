/** Pushover: https://pushover.net/api */
import * as z from 'zod'
import type { Push } from '../../ports.ts'
import { definePushService, type SettingsOf } from '../port.ts'

/** 1 passes the quiet hours that a person has set in the app, 2 rings until somebody says so: both by choice alone. */
const PRIORITIES = { low: -1, default: 0, high: 0, urgent: 0 } as const

const key = z.string().regex(/^[A-Za-z0-9]{30}$/, '30 letters and digits')
const level = z.number().int().min(-2).max(2)
/** Seconds between the rings of priority 2, and the longest that it may go on. */
const RETRY_S = 60
const LONGEST_S = 10_800
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
      "Pushover's own priority, -2 to 2, for each of ours; 1 passes its quiet hours, 2 rings until somebody acknowledges it; 0, and -1 for low, unless set",
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
  // Only the rings of priority 2 can be ended.
  can: { buttons: false, withdraw: true, edit: false, answersBack: false, thirdParty: true },
  canWith: ({ priority }) => ({ withdraw: Object.values(priority ?? {}).includes(2) }),
  limits: { title: 250, message: 1024, url: 512, urlTitle: 100 },
  // It wants at least 5 s between them.
  pausesMs: [5_000, 15_000],

  fromWebhookUrl({ hostname, searchParams }) {
    if (hostname !== 'api.pushover.net') return null
    return { api_token: searchParams.get('token') ?? '', user_key: searchParams.get('user') ?? '' }
  },

  create(settings, { post }) {
    const api = `${settings.api_url.replace(/\/+$/, '')}/1`
    const url = `${api}/messages.json`
    let last: Promise<unknown> = Promise.resolve()
    return {
      name: 'pushover',
      /** One push after another: the service wants at most two connections. */
      async send(push, signal) {
        const sent = last.then(() => post(url, toMessage(settings, push), signal))
        last = sent.catch(() => {})
        const { receipt } = ((await sent) ?? {}) as { receipt?: unknown }
        return { service: 'pushover', ref: typeof receipt === 'string' ? receipt : null }
      },
      /** A receipt is there for priority 2 alone. Somebody who acknowledges has silenced it, and said nothing else. */
      async withdraw({ ref }) {
        if (ref === null || !/^[A-Za-z0-9]{1,60}$/.test(ref)) return null
        await post(`${api}/receipts/${ref}/cancel.json`, { token: settings.api_token })
        return 'told'
      },
    }
  },
})

function toMessage(settings: Settings, push: Push): Record<string, string | number> {
  const priority = settings.priority?.[push.priority] ?? PRIORITIES[push.priority]
  const { ttlSeconds: ttl } = push
  return {
    token: settings.api_token,
    user: settings.user_key,
    title: push.title,
    message: push.message,
    priority,
    ...(push.url !== null && { url: push.url }),
    ...(push.url !== null && push.urlTitle !== null && { url_title: push.urlTitle }),
    ...(priority === 2 && {
      retry: RETRY_S,
      expire: Math.min(LONGEST_S, Math.max(RETRY_S, ttl ?? LONGEST_S)),
    }),
    ...(priority !== 2 && ttl !== null && { ttl }),
    ...(settings.device !== undefined && { device: settings.device }),
  }
}
