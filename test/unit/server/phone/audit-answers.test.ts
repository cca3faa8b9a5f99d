/** What the audit keeps of an answer: what was said, by which browser, and whether a person had it in sight. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SCRIPT } from '../../../../server/pages/app.ts'
import { browserName } from '../../../../server/phone/device.ts'
import type { ScreenView } from '../../../../server/ports.ts'
import { aDraft, createTestDesk, SESSION } from '../asks.ts'
import { phoneDoor } from './phone-door.ts'

let world: ReturnType<typeof createTestDesk>
beforeEach(() => {
  world = createTestDesk()
})
afterEach(() => world.remove())

const door = () => phoneDoor(world)
const open = (change = {}) => {
  const ask = world.desk.open(SESSION, aDraft(change))
  return { ask, url: world.desk.view(ask).url ?? '' }
}
const answered = () => world.desk.auditAfter(0).find(({ event }) => event === 'answered')
const entries = (event: string) => world.desk.auditAfter(0).filter((one) => one.event === event)
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1'

describe('the audit says what was answered', () => {
  test('with what was chosen', async () => {
    const { ask } = open({
      kind: 'question',
      tool: 'AskUserQuestion',
      input: {
        questions: [
          { question: 'Which token format?', options: [{ label: 'JWT' }] },
          { question: 'What is your password?', options: [] },
        ],
      },
    })
    const choices = { 'Which token format?': 'JWT', 'What is your password?': 'hunter2 and more' }
    await world.desk.answer(ask.id, { answer: 'allow', choices }, 'page')
    expect(answered()).toMatchObject({
      choices: { 'Which token format?': 'JWT', 'What is your password?': '‹masked›' },
    })
  })

  test('with what was filled in, and no secret in it', async () => {
    const properties = { colour: { type: 'string' }, api_key: { type: 'string' }, count: { type: 'integer' } }
    const { ask } = open({ kind: 'form', tool: undefined, input: { server: 'lab', schema: { properties } } })
    const content = { colour: `red sk-ant-${'a'.repeat(30)}`, api_key: 'two words', count: 3 }
    await world.desk.answer(ask.id, { answer: 'allow', content }, 'page')
    expect(answered()).toMatchObject({
      content: { colour: 'red ‹masked›', api_key: '‹masked›', count: '3' },
    })
  })

  test('with the command that was allowed instead, masked and shortened', async () => {
    const { ask } = open({ input: { command: 'make' } })
    const command = `TOKEN=abcdefgh ls ${'x'.repeat(2_000)}`
    await world.desk.answer(ask.id, { answer: 'allow', input: { command } }, 'page')
    expect(answered()?.['changed']).toMatchObject({
      field: 'command',
      value: expect.stringMatching(/^TOKEN=‹masked› ls x+‹… \d+ characters …›x+$/),
    })
  })

  test('with the key, and what the screen said to it', async () => {
    const view: ScreenView = {
      isCut: false,
      name: 'trust',
      question: 'Do you trust it?',
      options: [{ key: '#2', label: 'Yes, I do' }],
      screen: 'Do you trust it?',
      digest: 'd1',
    }
    world = createTestDesk({ isOurs: () => false })
    world.pane.screen = view
    world.desk.meet([SESSION])
    const ask = await world.desk.look(SESSION.name)
    if (ask === null) throw new Error('no dialog')
    await world.desk.answer(ask.id, { answer: 'press', key: '#2' }, 'page')
    expect(answered()).toMatchObject({ answer: 'press', key: '#2', label: 'Yes, I do' })
  })

  test('with each use of a remembered No', async () => {
    const deed = { kind: 'domain' as const, host: 'a.test', port: 443, processes: [] }
    const gone = new AbortController()
    const first = world.desk.judge(SESSION, deed, gone.signal)
    const [ask] = world.desk.pending()
    if (ask === undefined) throw new Error('no ask')
    await world.desk.answer(ask.id, { answer: 'deny' }, 'page')
    expect(await first).toMatchObject({ allowed: false })
    expect(await world.desk.judge(SESSION, deed, gone.signal)).toMatchObject({ allowed: false })
    expect(entries('used')).toMatchObject([{ session: 'app', what: 'no:domain:a.test:443' }])
  })
})

describe('the audit says which browser', () => {
  const tap = async (url: string, digest: string, headers: Record<string, string> = {}) =>
    await door().request(url, {
      method: 'POST',
      body: new URLSearchParams({ answer: 'allow', digest }),
      headers: { host: 'phone.test', 'user-agent': IPHONE, ...headers },
    })

  test('answered, the same one each time, and another one of its kind as another', async () => {
    const [one, two, three] = [open(), open(), open()]
    const first = await tap(one.url, one.ask.digest)
    const cookie = first.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^rc-device=[\w-]{22}; Max-Age=\d+; Path=\/a; HttpOnly; SameSite=Strict$/)
    await tap(two.url, two.ask.digest, { cookie: cookie.split(';')[0] ?? '' })
    await tap(three.url, three.ask.digest)
    const [a, b, c] = entries('answered').map((entry) => entry['device'])
    expect(a).toMatch(/^iPhone Safari [0-9a-f]{6}$/)
    expect(b).toBe(a)
    expect(c).not.toBe(a)
    expect(world.desk.view(world.desk.find(one.ask.id)).device).toBe(a)
  })

  test('came too late', async () => {
    const { url, ask } = open()
    await tap(url, ask.digest)
    await tap(url, ask.digest)
    expect(entries('refused')).toMatchObject([
      { by: 'page', device: expect.stringMatching(/^iPhone Safari/) },
    ])
  })

  test('on the page as well, and whether it is the one that looks', async () => {
    const { url, ask } = open()
    const cookie = (await tap(url, ask.digest)).headers.get('set-cookie')?.split(';')[0] ?? ''
    const look = async (headers: Record<string, string>) =>
      await (await door().request(url, { headers: { host: 'phone.test', ...headers } })).text()
    expect(await look({})).toMatch(/With iPhone Safari [0-9a-f]{6}\./)
    expect(await look({ cookie, 'user-agent': IPHONE })).toContain('With this browser.')
  })

  test('a mark of its own making tells nothing, and nothing of it is kept', async () => {
    const { url, ask } = open()
    await tap(url, ask.digest, { cookie: 'rc-device=<script>', 'user-agent': '<b>"evil"</b>' })
    expect(answered()?.['device']).toMatch(/^some program [0-9a-f]{6}$/)
  })

  test.each([
    [
      'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36',
      'Android Chrome',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0', 'Linux Firefox'],
    ['Mozilla/5.0 (Macintosh) AppleWebKit/605 Version/18 Safari/605', 'Mac Safari'],
    ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/131 Safari/537.36 Edg/131', 'Windows Edge'],
    ['curl/8.5', 'some program'],
  ])('%s is %s', (userAgent, name) => {
    expect(browserName(userAgent)).toBe(name)
  })
})

describe('the audit says that a person had it in sight', () => {
  const look = async (headers: Record<string, string>, method = 'GET') => {
    const { url } = open()
    await door().request(url, { method, headers: { host: 'phone.test', 'user-agent': IPHONE, ...headers } })
    return entries('shown')
  }
  const NAVIGATION = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }

  test('when a browser goes there', async () => {
    expect(await look(NAVIGATION)).toMatchObject([{ by: 'page', device: 'iPhone Safari' }])
  })

  test("when the page's own script says so, over plain HTTP too", async () => {
    expect(await look({ accept: 'application/json', 'x-in-sight': 'yes' })).toHaveLength(1)
    expect(SCRIPT).toContain("'x-in-sight'")
  })

  test.each<[string, Record<string, string>]>([
    ['a program fetches it', {}],
    [
      'a script looks for news from behind another window',
      { accept: 'application/json', 'x-in-sight': 'no' },
    ],
    ['it is loaded into a frame', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
    ['it is loaded ahead', { ...NAVIGATION, 'sec-purpose': 'prefetch' }],
    [
      'a preview of the link is made',
      { ...NAVIGATION, 'user-agent': `${IPHONE} facebookexternalhit/1.1 Twitterbot/1.0` },
    ],
  ])('but not when %s', async (_, headers) => {
    expect(await look(headers)).toEqual([])
  })

  test('but not by HEAD', async () => {
    expect(await look(NAVIGATION, 'HEAD')).toEqual([])
  })
})
