/** Push services as the configuration sets them up, with a clock in which no pause lasts. */
import type { Clock, Push, PushButton, PushService } from '../../../../server/ports.ts'
import { createPushServices } from '../../../../server/push/create.ts'
import type { PushProxy } from '../../../../server/push/http/proxy.ts'
import { toNotificationOptions } from '../../../../server/push/options.ts'
import type { PushServiceDefinition } from '../../../../server/push/port.ts'
import { PUSH_SERVICES } from '../../../../server/push/services/index.ts'

/** Its time goes on only while somebody waits; `waits` are what was waited, in milliseconds. */
export function createHurriedClock() {
  let time = Date.UTC(2026, 11, 1)
  const waits: number[] = []
  const clock: Clock = {
    now: () => time,
    after(delayMs, task) {
      const immediate = setImmediate(() => {
        time += delayMs
        waits.push(delayMs)
        task()
      })
      return () => clearImmediate(immediate)
    },
  }
  return { clock, waits }
}

type Surroundings = { proxy?: PushProxy; clock?: Clock; services?: readonly PushServiceDefinition[] }

/** The services that these `notifications` set up. */
export function createServices(
  notifications: object,
  {
    proxy = { http: '', https: '', noProxy: '' },
    clock = createHurriedClock().clock,
    services = PUSH_SERVICES,
  }: Surroundings = {},
): PushService[] {
  const settings = toNotificationOptions(services).parse(notifications)
  return createPushServices({ settings, proxy, clock, services })
}

/** Yes, Always and No, as the desk seals them. */
export function someButtons(): PushButton[] {
  const url = 'http://phone.test/b/some'
  const code = (letter: string) => `abc234.${letter}.${letter.repeat(22)}`
  return [
    { answer: 'allow', label: 'Yes', scope: null, code: code('y'), url },
    {
      answer: 'always',
      label: 'Always',
      scope: 'Yes to git push, until this session ends',
      code: code('a'),
      url,
    },
    { answer: 'deny', label: 'No', scope: null, code: code('n'), url },
  ]
}

/** A push that says all a push can say. */
export function aPush(change: Partial<Push> = {}): Push {
  return {
    ask: null,
    title: 'app: Bash needs approval',
    message: 'git push origin main',
    url: 'http://phone.test/a/AAAAAAAAAAAAAAAAAAAAAA',
    urlTitle: 'Answer',
    session: 'app',
    priority: 'high',
    ttlSeconds: 600,
    buttons: [],
    ...change,
  }
}
