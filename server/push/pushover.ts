/** Pushover: https://pushover.net/api */
import type { Push, PushReceipt, PushService } from '../ports.ts'
import { shorten } from '../text/preview.ts'
import { postJson } from './post.ts'
import type { PushWay } from './proxy.ts'

export type PushoverSettings = {
  user_key: string
  api_token: string
  api_url: string
  device?: string | undefined
}

/** Limits of the service, in characters. */
const TITLE = 250
const MESSAGE = 1024
const URL_TITLE = 100
const URL_LENGTH = 512

const PRIORITY = { quiet: -1, normal: 0, high: 1 } as const

/** One push after another: the service wants at most two connections. */
export function createPushover(
  settings: PushoverSettings,
  pausesMs?: readonly number[],
  way?: PushWay,
): PushService {
  let last: Promise<unknown> = Promise.resolve()
  return {
    name: 'pushover',
    send(push) {
      const sent = last.then(() => send(settings, push, pausesMs, way))
      last = sent.catch(() => {})
      return sent
    },
  }
}

async function send(
  settings: PushoverSettings,
  push: Push,
  pausesMs?: readonly number[],
  way?: PushWay,
): Promise<PushReceipt> {
  const answer = await postJson({
    service: 'Pushover',
    url: `${settings.api_url.replace(/\/+$/, '')}/1/messages.json`,
    body: toMessage(settings, push),
    ...(pausesMs && { pausesMs }),
    ...(way && { way }),
  })
  const { request } = (answer ?? {}) as { request?: unknown }
  return { service: 'pushover', ref: typeof request === 'string' ? request : null }
}

/**
 * The request body within the service's limits. Pushover can take no message back: it goes by itself at the ask's
 * deadline, and until then its link says what became of the ask.
 */
function toMessage(settings: PushoverSettings, push: Push): Record<string, string | number> {
  return {
    token: settings.api_token,
    user: settings.user_key,
    title: shorten(push.title, TITLE),
    message: shorten(push.message, MESSAGE),
    priority: PRIORITY[push.urgency],
    ...(push.url !== null && push.url.length <= URL_LENGTH && { url: push.url }),
    ...(push.url !== null && push.urlTitle !== null && { url_title: shorten(push.urlTitle, URL_TITLE) }),
    ...(push.ttlSeconds !== null && { ttl: push.ttlSeconds }),
    ...(settings.device !== undefined && { device: settings.device }),
  }
}
