/**
 * Browsers that want to be rung: Web Push (RFC 8030), in the declarative form that Safari shows by itself ("web_push": 8030)
 * and our worker reads elsewhere. Set up by a tap on a paired device, not by the configuration.
 */
import type { Clock, Push, PushButton, PushEnd, PushService } from '../../ports.ts'
import type { Store } from '../../store/store.ts'
import type { Subscription } from '../../store/subscriptions-table.ts'
import { PushError } from '../http/errors.ts'
import type { PushWay } from '../http/proxy.ts'
import { createRequest } from '../http/request.ts'
import { fitted } from '../words/fit.ts'
import { encrypt } from './encrypt.ts'
import { createVapid, type Vapid } from './vapid.ts'

const WEB_PUSH = 'webpush'

const URGENCY = { low: 'low', default: 'normal', high: 'high', urgent: 'high' } as const
const HOUR_S = 60 * 60
const CAN = { buttons: true, withdraw: true, edit: true, answersBack: false, thirdParty: false }
const LIMITS = { title: 200, message: 1_600, url: 600, urlTitle: null, count: 'bytes' } as const
const COMMON = {
  events: undefined,
  min_priority: 'low',
  content: 'full',
  tap: 'page',
  terminal: null,
} as const

type Parts = {
  store: Pick<Store, 'subscriptions' | 'dropSubscription' | 'pushMemory' | 'setPushMemory'>
  clock: Clock
  way: PushWay
  /** Where the inbox is, without a final slash; null while no phone door is open. */
  home: () => string | null
  /** How many questions wait. */
  count: () => number
}

export type WebPush = ReturnType<typeof createWebPush>

export function createWebPush({ store, clock, way, home, count }: Parts) {
  const request = createRequest({ label: 'The browser', pausesMs: [5_000, 15_000], way, clock })
  let vapid: Promise<Vapid> | null = null

  function keys(): Promise<Vapid> {
    const kept = {
      get: () => store.pushMemory(`${WEB_PUSH} key`),
      set: (text: string) => store.setPushMemory(`${WEB_PUSH} key`, text),
    }
    // Apple takes no address of this machine alone; where there is https, it is the right one.
    const contact = home()?.startsWith('https:') ? `${home()}/` : 'mailto:nobody@example.org'
    vapid ??= createVapid({ kept, contact, now: clock.now })
    return vapid
  }

  /** Rejects where the push service of the browser refuses; forgets what it does not know any more. */
  async function post(
    to: Subscription,
    content: object,
    headers: Record<string, string>,
    signal?: AbortSignal,
  ) {
    const own = {
      ...headers,
      'content-encoding': 'aes128gcm',
      'content-type': 'application/octet-stream',
      authorization: await (await keys()).authorization(to.endpoint),
    }
    const send = (what: object) =>
      request({ url: to.endpoint, headers: own, body: encrypt(JSON.stringify(what), to), signal })
    try {
      await send(content)
    } catch (error) {
      const status = error instanceof PushError ? error.status : null
      if (status === 404 || status === 410) store.dropSubscription(to.endpoint)
      if (status !== 413) throw error
      await send(withoutText(content))
    }
  }

  async function toAll(
    content: object,
    headers: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<void> {
    const sent = await Promise.allSettled(
      store.subscriptions().map((to) => post(to, content, headers, signal)),
    )
    const [failed] = sent.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    if (failed !== undefined && !sent.some(({ status }) => status === 'fulfilled')) throw failed
  }

  const service: PushService = {
    name: WEB_PUSH,
    async send(push, signal) {
      await toAll(
        toContent(push, home(), count()),
        headersOf(push.ttlSeconds, URGENCY[push.priority], push.ask),
        signal,
      )
      return { service: WEB_PUSH, ref: push.ask }
    },
    /** Shown in the place of the other, without a sound: iOS takes the permission away for pushes that show nothing. */
    async withdraw(_, end) {
      await toAll(toEnded(end, home(), count()), headersOf(HOUR_S, 'low', end.ask))
      return 'edited'
    },
  }
  const whole = fitted(service, { can: CAN, limits: LIMITS }, COMMON)

  return {
    /** The service, while any browser wants it. */
    services: (): PushService[] => (store.subscriptions().length > 0 ? [whole] : []),
    /** What browsers subscribe with. */
    publicKey: async (): Promise<string> => (await keys()).publicKey,
  }
}

/** The topic has a push service drop the older of two that were not delivered yet. */
function headersOf(ttl: number | null, urgency: string, topic: string | null): Record<string, string> {
  return { ttl: String(ttl ?? HOUR_S), urgency, ...(topic !== null && { topic }) }
}

type Notification = {
  title: string
  body: string
  navigate: string
  tag?: string
  silent?: boolean
  app_badge: string
}

function toContent({ title, message, url, ask, buttons }: Push, home: string | null, count: number): object {
  const notification: Notification = {
    ...{ title, body: message, navigate: url ?? `${home ?? ''}/`, app_badge: String(count) },
    ...(ask !== null && { tag: ask }),
  }
  return { web_push: 8030, notification, buttons: buttons.filter(isShown).map(toAction) }
}

/** Platforms show two at most. */
function isShown({ answer }: PushButton): boolean {
  return answer !== 'always'
}

function toAction({ answer, label, code }: PushButton): object {
  return { action: answer, title: label, code }
}

function toEnded({ title, words, ask }: PushEnd, home: string | null, count: number): object {
  const notification: Notification = {
    ...{ title, body: words, navigate: `${home ?? ''}/`, tag: ask, silent: true, app_badge: String(count) },
  }
  return { web_push: 8030, notification, buttons: [] }
}

function withoutText(content: object): object {
  const { notification } = content as { notification: Notification }
  return { ...content, notification: { ...notification, body: 'Open it to read on.' }, buttons: [] }
}
