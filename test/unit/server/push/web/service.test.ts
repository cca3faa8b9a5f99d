/** Web Push against a recording push service that checks who speaks (RFC 8292), how (RFC 8030), and reads it as a browser does. */
import { createECDH, randomBytes } from 'node:crypto'
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { PushEnd, PushService } from '../../../../../server/ports.ts'
import type { AskId } from '../../../../../server/protocol.ts'
import { createPushWay } from '../../../../../server/push/http/proxy.ts'
import { createWebPush } from '../../../../../server/push/web/service.ts'
import { createStore, type Store } from '../../../../../server/store/store.ts'
import { createTestDesk } from '../../asks.ts'
import { aPush, createHurriedClock, someButtons } from '../create-services.ts'
import { type Recorder, startRecorder } from '../recorder.ts'
import { decrypt } from './browser.ts'

const ASK = 'abc234' as AskId
let recorder: Recorder
let store: Store
let waits: number[]
let remove: () => void
const browsers = new Map<string, { own: ReturnType<typeof createECDH>; auth: Buffer }>()

beforeEach(async () => {
  recorder = await startRecorder(() => ({ status: 201, text: '' }))
  const world = createTestDesk()
  remove = world.remove
  store = createStore(world.stateDir)
  browsers.clear()
})
afterEach(async () => {
  await recorder.close()
  remove()
})

function subscribe(name: string): void {
  const own = createECDH('prime256v1')
  own.generateKeys()
  const auth = randomBytes(16)
  browsers.set(`/${name}`, { own, auth })
  const keys = { p256dh: own.getPublicKey('base64url'), auth: auth.toString('base64url') }
  store.putSubscription({ endpoint: `${recorder.url}/${name}`, device: name, ...keys })
}
function create() {
  const hurried = createHurriedClock()
  waits = hurried.waits
  const way = createPushWay({ http: '', https: '', noProxy: '' })
  return createWebPush({ store, clock: hurried.clock, way, home: () => 'https://phone.test', count: () => 3 })
}
const only = () => create().services()[0] as PushService
/** What each browser shows. */
const shown = () =>
  recorder.received.map(({ path, body }) => {
    const { own, auth } = browsers.get(path) ?? expect.unreachable()
    return JSON.parse(decrypt(body as Buffer, own, auth))
  })
const END: PushEnd = {
  ...{ ask: ASK, state: 'answered', because: null, answer: 'deny', by: 'page', at: 1 },
  ...{
    words: 'Answered No on the page.',
    session: 'app',
    title: 'app: Bash needs approval',
    message: 'git push',
  },
}

test('nobody is pushed to before a browser has let itself be', () => {
  expect(create().services()).toEqual([])
})

test('the browser reads what was sent, with Yes and No, and nobody else does', async () => {
  subscribe('phone')
  await only().send(aPush({ ask: ASK, buttons: someButtons() }))
  const [yes, , no] = someButtons()
  expect(shown()).toEqual([
    {
      web_push: 8030,
      notification: {
        ...{ title: 'app: Bash needs approval', navigate: aPush().url, tag: ASK, app_badge: '3' },
        body: 'git push origin main\n\nAlways: Yes to git push, until this session ends',
      },
      buttons: [
        { action: 'allow', title: 'Yes', code: yes?.code },
        { action: 'deny', title: 'No', code: no?.code },
      ],
    },
  ])
  expect(String(recorder.received[0]?.body)).not.toContain('git push')
})

test('the request says who pushes, for how long and how urgent it is', async () => {
  subscribe('phone')
  const web = create()
  await web.services()[0]?.send(aPush({ ask: ASK, ttlSeconds: 600, priority: 'high' }))
  const { headers, method } = recorder.received[0] ?? expect.unreachable()
  expect([method, headers]).toMatchObject([
    'POST',
    {
      ttl: '600',
      urgency: 'high',
      topic: ASK,
      'content-encoding': 'aes128gcm',
      'content-type': 'application/octet-stream',
    },
  ])
  const [, token = '', key = ''] = /^vapid t=(\S+), k=(\S+)$/.exec(headers.authorization ?? '') ?? []
  expect(key).toBe(await web.publicKey())
  const point = Buffer.from(key, 'base64url')
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'))
  const jwks = createLocalJWKSet({ keys: [{ kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' }] })
  const now = new Date(Date.UTC(2026, 11, 1))
  const { payload } = await jwtVerify(token, jwks, {
    audience: recorder.url,
    algorithms: ['ES256'],
    currentDate: now,
  })
  expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', typ: 'JWT' })
  expect(payload.sub).toBe('https://phone.test/')
  expect((payload.exp ?? 0) - now.getTime() / 1000).toBe(12 * 60 * 60)
})

test('the keys are those of before after a restart: a browser takes pushes of nobody else', async () => {
  expect(await create().publicKey()).toBe(await create().publicKey())
})

test('the end takes the place of the question, without a sound, and shows something', async () => {
  subscribe('phone')
  expect(await only().withdraw?.({ service: 'webpush', ref: ASK }, END)).toBe('edited')
  expect(shown()[0]).toMatchObject({
    notification: { body: 'Answered No on the page.', tag: ASK, silent: true },
    buttons: [],
  })
  expect(recorder.received[0]?.headers).toMatchObject({ topic: ASK, urgency: 'low' })
})

test('the longest texts fit, and keep both their ends', async () => {
  subscribe('phone')
  const long = `begin ${'👩‍👩‍👧&<"'.repeat(2_000)} end`
  await only().send(aPush({ title: long, message: long, buttons: someButtons() }))
  const body = recorder.received[0]?.body as Buffer
  expect(body.length).toBeLessThanOrEqual(4_096)
  const [{ notification, buttons }] = shown()
  expect([notification.body.startsWith('begin '), notification.body.endsWith(' end')]).toEqual([true, true])
  expect(buttons).toMatchObject([{ action: 'deny' }])
})

describe('an answer of the push service:', () => {
  const left = () => store.subscriptions().map(({ device }) => device)

  test.each([200, 201, 202])('%i is taken', async (status) => {
    subscribe('phone')
    recorder.next.push({ status, text: '' })
    await expect(only().send(aPush())).resolves.toMatchObject({ service: 'webpush' })
    expect(left()).toEqual(['phone'])
  })

  test.each([404, 410])('%i forgets the browser, and nothing is sent there again', async (status) => {
    subscribe('phone')
    recorder.next.push({ status, text: '' })
    await expect(only().send(aPush())).rejects.toMatchObject({ code: 'push-refused' })
    expect([left(), create().services()]).toEqual([[], []])
  })

  test('413 is sent once more without its text and buttons', async () => {
    subscribe('phone')
    recorder.next.push({ status: 413, text: '' })
    await only().send(aPush({ ask: ASK, buttons: someButtons() }))
    expect(shown()[1]).toMatchObject({ notification: { body: 'Open it to read on.', tag: ASK }, buttons: [] })
  })

  test('429 waits as long as it is asked to', async () => {
    subscribe('phone')
    recorder.next.push({ status: 429, headers: { 'retry-after': '20' } })
    await only().send(aPush())
    expect(waits).toEqual([20_000])
  })

  test('5xx is tried again, and the browser is kept', async () => {
    subscribe('phone')
    recorder.next.push({ status: 503, text: '' })
    await only().send(aPush())
    expect([waits, left()]).toEqual([[5_000], ['phone']])
  })

  test('400 is not repeated', async () => {
    subscribe('phone')
    recorder.next.push({ status: 400, text: '' })
    await expect(only().send(aPush())).rejects.toMatchObject({ code: 'push-refused' })
    expect(recorder.received).toHaveLength(1)
  })

  test('one browser of two that takes it is enough', async () => {
    subscribe('phone')
    subscribe('desk')
    recorder.next.push({ status: 410, text: '' })
    await expect(only().send(aPush())).resolves.toMatchObject({ service: 'webpush' })
    expect(left()).toHaveLength(1)
  })
})
