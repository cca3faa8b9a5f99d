/** Pairing and the inbox at the phone door: what a paired browser gets, and what nobody else does. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { People } from '../../../../server/phone/people.tsx'
import { aDraft, createTestDesk, OTHER, SESSION } from '../asks.ts'
import { createTestPeople, phoneDoor } from './phone-door.ts'

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1'

let world: ReturnType<typeof createTestDesk>
let people: People
let origin: string

beforeEach(() => {
  world = createTestDesk()
  people = createTestPeople(world, [SESSION, OTHER])
  origin = 'http://phone.test'
})
afterEach(() => world.remove())

type Init = { method?: string; headers?: Record<string, string>; body?: URLSearchParams }
/** A request as a browser on the page of this door sends it; `cookie` is the whole header. */
const ask = async (path: string, { headers, ...init }: Init = {}, cookie = '') =>
  await phoneDoor(world, { people, origin }).request(`${origin}${path}`, {
    ...init,
    headers: { host: 'phone.test', 'user-agent': IPHONE, ...(cookie && { cookie }), ...headers },
  })
const post = (
  path: string,
  fields: Record<string, string> | [string, string][] = {},
  cookie = '',
  headers = {},
) => ask(path, { method: 'POST', body: new URLSearchParams(fields), headers: { origin, ...headers } }, cookie)
const cookieOf = (response: Response) => (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''

/** Pairs a browser as a person would, and gives its cookie. */
async function pair(): Promise<string> {
  const { secret } = people.pairing.begin('link')
  const cookie = cookieOf(await post(`/pair/${secret}`))
  const view = people.pairing.view()
  if (view.state === 'claimed') people.pairing.decide(view.device, true)
  return cookie
}
const open = (session = SESSION, change = {}) => world.desk.open(session, aDraft(change))

describe('pairing', () => {
  test('its link only asks, however often it is opened, and pairs by the button', async () => {
    const { secret } = people.pairing.begin('link')
    for (const method of ['GET', 'HEAD', 'GET']) {
      const response = await ask(`/pair/${secret}`, { method })
      expect([response.status, response.headers.get('set-cookie')]).toEqual([200, null])
    }
    const paired = await post(`/pair/${secret}`)
    expect([paired.status, paired.headers.get('location')]).toEqual([303, '/pair'])
    expect(people.pairing.view()).toMatchObject({
      state: 'claimed',
      device: expect.stringMatching(/^iPhone Safari /),
    })
  })

  test('its page goes on to the inbox when somebody says yes, and to the start when somebody says no', async () => {
    const { secret } = people.pairing.begin('link')
    const cookie = cookieOf(await post(`/pair/${secret}`))
    expect(await (await ask('/pair', {}, cookie)).text()).toContain('One more step, at your machine')
    expect((await ask('/', {}, cookie)).headers.get('location')).toBe('/pair')
    const view = people.pairing.view()
    if (view.state === 'claimed') people.pairing.decide(view.device, true)
    expect((await ask('/pair', {}, cookie)).headers.get('location')).toBe('/')
    people.devices.revokeAll()
    expect(await (await ask('/pair', {}, cookie)).text()).toContain('This device is not paired')
  })

  test('a code is typed on the page, in any case', async () => {
    const { secret } = people.pairing.begin('code')
    expect((await post('/pair', { code: 'WRONG9' })).status).toBe(410)
    const response = await post('/pair', { code: ` ${secret.toLowerCase().slice(0, 3)} ${secret.slice(3)}` })
    expect(response.headers.get('location')).toBe('/pair')
  })

  test('the cookie is for this browser alone: no script, no other site, and over https no other host', async () => {
    const plain = (await post(`/pair/${people.pairing.begin('link').secret}`)).headers.get('set-cookie')
    expect(plain).toMatch(/^rc-paired=[\w-]{43}; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Lax$/)
    origin = 'https://phone.test'
    const secure = (await post(`/pair/${people.pairing.begin('link').secret}`)).headers.get('set-cookie')
    expect(secure).toMatch(
      /^__Host-rc-paired=[\w-]{43}; Max-Age=34560000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
  })

  test('over https a cookie that anybody on the way could have set counts for nothing', async () => {
    origin = 'https://phone.test'
    const cookie = await pair()
    expect((await ask('/', {}, cookie)).status).toBe(200)
    expect((await ask('/', {}, cookie.replace('__Host-', ''))).status).toBe(303)
  })
})

describe('the inbox', () => {
  test('shows what waits, the nearest deadline first, and counts it', async () => {
    open()
    open(OTHER, { input: { command: 'make deploy' } })
    const page = await (await ask('/', {}, await pair())).text()
    expect(page).toContain('<b id="count">2</b> wait')
    expect(page).toContain('<title>(2) Remote Claude</title>')
    expect(page.indexOf('git push origin main')).toBeLessThan(page.indexOf('make deploy'))
  })

  test('says what runs when nothing waits', async () => {
    expect(await (await ask('/', {}, await pair())).text()).toContain(
      'Nothing waits for you. 2 sessions work',
    )
  })

  test('answers the same call in two sessions at once, and tells which browser it was', async () => {
    const asks = [open(), open(OTHER)]
    const cookie = await pair()
    const fields = asks.map(({ id, digest }): [string, string] => ['ask', `${id} ${digest}`])
    expect((await post('/answers', [...fields, ['answer', 'deny']], cookie)).status).toBe(303)
    for (const { id } of asks)
      expect(world.desk.find(id)).toMatchObject({
        answeredBy: 'page',
        answeredFrom: expect.stringMatching(/^iPhone Safari /),
      })
  })

  test('answers the rest of them when somebody was faster with one, and says so', async () => {
    const [first, second] = [open(), open(OTHER)]
    const cookie = await pair()
    await world.desk.answer(first.id, { answer: 'deny' }, 'cli')
    const fields = [first, second].map(({ id, digest }): [string, string] => ['ask', `${id} ${digest}`])
    const response = await post('/answers', [...fields, ['answer', 'allow']], cookie)
    expect([response.status, world.desk.find(second.id).state]).toEqual([409, 'answered'])
    expect(world.desk.find(first.id).answer?.answer).toBe('deny')
  })

  test('finds what has ended by a word of it, and shows it with what became of it', async () => {
    const one = open()
    open(OTHER, { input: { command: 'make deploy' } })
    await world.desk.answer(one.id, { answer: 'deny' }, 'cli')
    const cookie = await pair()
    expect(await (await ask('/history?q=PUSH+origin', {}, cookie)).text()).toContain(
      'No, taken, not confirmed yet',
    )
    expect(await (await ask('/history?q=deploy', {}, cookie)).text()).toContain(
      'Nothing that has ended holds these',
    )
    expect(await (await ask('/history?q=%22%25_%27', {}, cookie)).text()).toContain('Nothing that has ended')
  })

  test('takes back what was approved in advance, and keeps quiet for a while', async () => {
    const one = open()
    await world.desk.answer(one.id, { answer: 'always' }, 'cli')
    const cookie = await pair()
    const [{ id } = { id: 0 }] = world.desk.standing.list()
    await post('/settings/revoke', { id: String(id) }, cookie)
    expect(world.desk.standing.list()).toEqual([])
    await post('/settings/snooze', { minutes: '30' }, cookie)
    expect(people.mood.now().snoozedUntil).toBe(world.clock.now() + 30 * 60_000)
  })

  test('an agent cannot write markup into it', async () => {
    const evil = '</pre></article><script>alert(1)</script>\u202e<img src=x>'
    open(SESSION, { input: { command: evil } })
    open(OTHER, { kind: 'reply', tool: undefined, input: {}, text: evil, client_wait_ms: undefined })
    const page = await (await ask('/', {}, await pair())).text()
    expect(page).not.toMatch(/<script>|<img|\u202e/)
  })

  test('shows forty of ten thousand letters each in less than 200 kB', async () => {
    for (let at = 0; at < 45; at++)
      open(at % 2 ? SESSION : OTHER, { input: { command: `echo ${at} ${'<&"'.repeat(3_000)}` } })
    const page = await (await ask('/', {}, await pair())).text()
    expect(page.length).toBeLessThan(200_000)
    expect(page).toMatch(/\d+ more wait; they come up/)
  })
})

describe('live', () => {
  /** Reads events until one of that name has come, and gives it. */
  async function reader(cookie: string) {
    const response = await ask('/events', {}, cookie)
    const stream = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    return {
      status: response.status,
      async until(name: string): Promise<unknown> {
        for (;;) {
          const found = new RegExp(`event: ${name}\\ndata: (.*)\\n\\n`).exec(text)
          if (found !== null) {
            text = text.slice(found.index + found[0].length)
            return JSON.parse(found[1] ?? 'null')
          }
          const { value, done } = (await stream?.read()) ?? { done: true, value: '' }
          if (done) return 'the end'
          text += value
        }
      },
      close: () => stream?.cancel(),
    }
  }

  test('a card comes when something waits, and goes when it is over, answered wherever', async () => {
    const events = await reader(await pair())
    const { id } = open()
    const came = (await events.until('card')) as { id: string; html: string; count: number }
    expect(came).toMatchObject({ count: 1, html: expect.stringContaining('git push origin main') })
    await world.desk.answer(id, { answer: 'deny' }, 'cli')
    expect(await events.until('card')).toEqual({ id: came.id, html: null, count: 0 })
    await events.close()
  })

  test('a question whose hook has ended leaves the card that it shared, and stands alone', async () => {
    const [first, second] = [open(), open(OTHER)]
    const events = await reader(await pair())
    await world.desk.withdraw(SESSION.id, first.id, 'stopped')
    const shared = (await events.until('card')) as { id: string; html: string }
    const alone = (await events.until('card')) as { id: string; html: string }
    expect(shared.html).toContain(OTHER.name)
    expect(shared.html).not.toContain(`${SESSION.name}, `)
    expect([alone.id === shared.id, alone.html.includes('Answer it')]).toEqual([false, true])
    expect(world.desk.find(second.id).state).toBe('pending')
    await events.close()
  })

  test('a revoked device hears nothing more, on a page that is open already', async () => {
    const events = await reader(await pair())
    await events.until('beat')
    people.devices.revokeAll()
    open()
    expect(await events.until('gone')).toBeNull()
    expect(await events.until('card')).toBe('the end')
  })
})

describe('refused, and nothing is changed:', () => {
  const POSTS: [string, Record<string, string>][] = [
    ['/answers', {}],
    ['/settings/snooze', { minutes: '30' }],
    ['/settings/revoke', { id: '1' }],
  ]
  const GETS = ['/below', '/history', '/settings', '/events']

  test.each(GETS)('GET %s without a cookie, with a wrong one, and with one that waits', async (path) => {
    const waiting = cookieOf(await post(`/pair/${people.pairing.begin('link').secret}`))
    for (const cookie of ['', `rc-paired=${'A'.repeat(43)}`, 'rc-paired=', waiting, `__Host-${waiting}`]) {
      const response = await ask(path, {}, cookie)
      expect(response.status).toBe(401)
      expect(await response.text()).toContain('not paired')
    }
  })

  test.each(POSTS)(
    'POST %s without a cookie, and from another site with a good one',
    async (path, fields) => {
      const one = open()
      const all = path === '/answers' ? { ask: `${one.id} ${one.digest}`, answer: 'allow' } : fields
      const cookie = await pair()
      expect((await post(path, all)).status).toBe(401)
      for (const headers of [
        { origin: 'http://evil.test' },
        { origin: 'null' },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { host: 'evil.test' },
      ])
        expect([403, 421]).toContain((await post(path, all, cookie, headers)).status)
      expect(world.desk.find(one.id).state).toBe('pending')
      expect(people.mood.now().snoozedUntil).toBeNull()
    },
  )

  test.each<[string, [string, string][]]>([
    ['no answer', [['ask', 'ID DIGEST']]],
    ['no question', [['answer', 'allow']]],
    [
      'no digest',
      [
        ['ask', 'ID'],
        ['answer', 'allow'],
      ],
    ],
    [
      'another digest',
      [
        ['ask', 'ID 0000000000000000'],
        ['answer', 'allow'],
      ],
    ],
    [
      'a question that is none',
      [
        ['ask', 'zzzzzz DIGEST'],
        ['answer', 'allow'],
      ],
    ],
    [
      'always, which is not offered for several',
      [
        ['ask', 'ID DIGEST'],
        ['answer', 'always'],
      ],
    ],
    [
      'more than it may be',
      Array.from({ length: 101 }, () => ['ask', 'ID DIGEST'] as [string, string]).concat([
        ['answer', 'allow'],
      ]),
    ],
  ])('an answer for several with %s', async (_, fields) => {
    const { id, digest } = open()
    const filled = fields.map(([name, value]): [string, string] => [
      name,
      value.replace('ID', id).replace('DIGEST', digest),
    ])
    const response = await post('/answers', filled, await pair())
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(response.status).toBeLessThan(500)
    expect(world.desk.find(id).state).toBe('pending')
  })

  test('a link alone opens its question, and nothing beside it', async () => {
    const url = new URL(world.desk.view(open()).url ?? '')
    expect((await ask(url.pathname)).status).toBe(200)
    for (const path of ['/', '/below', '/history', '/events', '/settings'])
      expect([401, 303]).toContain((await ask(path, {}, `rc-paired=${url.pathname.slice(3)}`)).status)
  })

  test('a pairing that another site begins, or that is guessed', async () => {
    const { secret } = people.pairing.begin('link')
    expect((await post(`/pair/${secret}`, {}, '', { origin: 'http://evil.test' })).status).toBe(403)
    expect((await ask(`/pair/${secret}`, { headers: { 'sec-purpose': 'prefetch' } })).status).toBe(503)
    for (let at = 0; at < 10; at++) await ask(`/pair/${'A'.repeat(21)}${'AQgw'[at % 4]}`)
    expect((await post(`/pair/${secret}`)).status).toBe(410)
    expect(people.pairing.view()).toEqual({ state: 'guessed' })
  })

  test('too many pages that listen', async () => {
    const cookie = await pair()
    const all = await Promise.all(Array.from({ length: 64 }, () => ask('/events', {}, cookie)))
    expect((await ask('/events', {}, cookie)).status).toBe(429)
    await Promise.all(all.map((one) => one.body?.cancel()))
  })
})
