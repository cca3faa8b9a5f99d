import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../../../../bin/house/ports.ts'
import type { Desk } from '../../../../server/desk/desk.ts'
import { onlySession } from '../../../../server/doors/callers.ts'
import { createHookDoor } from '../../../../server/doors/hooks.ts'
import { createOwnerDoor } from '../../../../server/doors/owner.ts'
import { MAX_ASK_BYTES, sessionId } from '../../../../server/protocol.ts'
import { createMood } from '../../../../server/push/mood.ts'
import { createStore } from '../../../../server/store/store.ts'
import { aDraft, createTestDesk, OTHER, SESSION } from '../asks.ts'
import { createTestPeople, phoneDoor as phoneDoorOf } from '../phone/phone-door.ts'

let world: ReturnType<typeof createTestDesk>
let desk: Desk
const log = () => {}

beforeEach(() => {
  refused = []
  world = createTestDesk()
  desk = world.desk
})
afterEach(() => world.remove())

const hookDoor = (session = SESSION) => createHookDoor({ desk, callers: onlySession(session), log })
const PERSON = 7
const CLAUDE = 8
let refused: [string, number | null][]
const ownerDoor = () =>
  createOwnerDoor({
    whoIs: (pid) => (pid === PERSON ? 'person' : pid === CLAUDE ? { claude: 5 } : 'unknown'),
    onClaude: (what, pid) => refused.push([what, pid]),
    desk: () => desk,
    sites: () => {
      throw new Error('nobody asks for them here')
    },
    mood: () => createMood({ store: createStore(world.stateDir), clock: world.clock }),
    people: () => createTestPeople(world),
    log,
    status: async () => ({}),
    sync: async () => {},
    stop: () => {},
  })
const phoneDoor = () => phoneDoorOf(world)
const json = (body: unknown) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
})
/** The same, from that process. */
const by = (pid: number, given: RequestInit = {}) => ({
  ...given,
  headers: { ...given.headers, 'x-rc-process': String(pid) },
})
const RUBBISH: Array<[string, string | Uint8Array]> = [
  ['nothing', ''],
  ['half an object', '{"v":1,'],
  ['a list', '[]'],
  ['null', 'null'],
  ['binary rubbish', new Uint8Array([0xff, 0xfe, 0, 1, 2, 0xc3, 0x28])],
  ['another version', JSON.stringify({ ...aDraft(), v: 99 })],
  ['a kind that only doors may raise', JSON.stringify({ ...aDraft(), kind: 'domain' })],
  ['a key that is no key', JSON.stringify({ ...aDraft(), key: '../../etc' })],
]

describe('the hook door', () => {
  test.each(RUBBISH)('refuses %s with a sentence and goes on', async (_, body) => {
    const response = await hookDoor().request('/asks', json(body))
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      error: { code: expect.any(String), message: expect.stringMatching(/\.$/) },
    })
    expect((await hookDoor().request('/asks', json(aDraft()))).status).toBe(201)
  })

  test('asks nobody for a Claude that nobody sits before, and keeps nothing of it', async () => {
    const draft = aDraft({ context: { claude_session: 'c1', cwd: '/', headless: true } })
    expect((await hookDoor().request('/asks', json(draft))).status).toBe(204)
    expect(desk.list({ all: true })).toEqual([])
    const failed = { v: 1, event: 'StopFailure', context: draft.context, subject: 'rate_limit' }
    expect((await hookDoor().request('/signals', json(failed))).status).toBe(204)
    expect(world.pushes).toEqual([])
  })

  test('asks for such a Claude as for any other where the configuration says so', async () => {
    const approvals = {
      askMs: 60_000,
      onTimeout: 'wait',
      subagentWaitMs: 60_000,
      askRules: () => [],
    } as const
    const asking = createTestDesk({ approvals: { ...approvals, headless: 'ask' } })
    const draft = aDraft({ context: { claude_session: 'c1', cwd: '/', headless: true } })
    asking.desk.open(SESSION, draft)
    expect([asking.desk.skips(draft), desk.skips(draft), asking.pushes.length]).toEqual([false, true, 1])
    asking.remove()
  })

  test('refuses a tool input of ten megabytes, and nothing is lost', async () => {
    const before = desk.open(SESSION, aDraft())
    const body = JSON.stringify(aDraft({ input: { command: 'x'.repeat(10 * 1024 * 1024) } }))
    const response = await hookDoor().request('/asks', {
      ...json(body),
      headers: { 'content-length': String(body.length) },
    })
    expect(response.status).toBe(413)
    expect(await response.text()).toContain(String(MAX_ASK_BYTES))
    expect(desk.find(before.id).state).toBe('pending')
  })

  test("knows nothing of another session's asks", async () => {
    const ask = desk.open(OTHER, aDraft())
    for (const [method, path, body] of [
      ['GET', `/asks/${ask.id}/outcome`, undefined],
      ['POST', `/asks/${ask.id}/withdraw`, { because: 'hook-gone' }],
      ['POST', `/asks/${ask.id}/result`, { result: 'applied' }],
      ['POST', `/asks/${ask.id}/turn`, { turn: 'went-on' }],
    ] as const) {
      const response = await hookDoor().request(path, method === 'POST' ? json(body) : { method })
      expect([path, response.status]).toEqual([path, 404])
    }
    expect(desk.find(ask.id).state).toBe('pending')
  })

  test('has no way to answer, list or look', async () => {
    const ask = desk.open(SESSION, aDraft())
    const token = desk.view(ask).url?.split('/a/')[1]
    for (const [method, path] of [
      ['POST', `/asks/${ask.id}/answer`],
      ['GET', '/asks'],
      ['GET', `/asks/${ask.id}`],
      ['PUT', `/asks/${ask.id}`],
      ['POST', `/a/${token}`],
      ['POST', '/sessions/sync'],
      ['POST', '/stop'],
      ['GET', '/status'],
    ] as const) {
      const response = await hookDoor().request(
        path,
        method === 'GET' ? {} : { ...json({ answer: 'allow' }), method },
      )
      expect([path, response.status]).toEqual([path, 404])
    }
    expect(desk.find(ask.id).state).toBe('pending')
  })
})

describe('the phone door', () => {
  const tap = (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    phoneDoor().request(url, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { host: 'phone.test', 'content-type': 'application/x-www-form-urlencoded', ...headers },
    })
  const look = (url: string, init: RequestInit = {}) =>
    phoneDoor().request(url, { ...init, headers: { host: 'phone.test', ...init.headers } })
  const opened = (change = {}) => {
    const ask = desk.open(SESSION, aDraft(change))
    return { ask, url: desk.view(ask).url ?? '' }
  }

  test('shows the whole question with three buttons, and a tap answers it', async () => {
    const { ask, url } = opened()
    const page = await (await look(url)).text()
    for (const part of [
      'git push origin main',
      '>Yes<',
      '>Yes to any plain command that matches Bash(git push *) and no other rule of this session, until this session ends<',
      '>No<',
      ask.digest,
      'app',
    ])
      expect(page).toContain(part)
    const response = await tap(url, { answer: 'allow', digest: ask.digest })
    expect(response.status).toBe(303)
    expect(desk.find(ask.id)).toMatchObject({ state: 'answered', answeredBy: 'page' })
    expect(await (await look(url)).text()).toContain('Answered Yes on the page, just now.')
  })

  test.each([['GET'], ['HEAD']])('%s changes nothing, however often', async (method) => {
    const { ask, url } = opened()
    for (let i = 0; i < 3; i++) expect((await look(url, { method })).status).toBe(200)
    expect((await look(`${url}?answer=allow`, { method })).status).toBe(200)
    expect(desk.find(ask.id).state).toBe('pending')
  })

  test('an answer that does not say what was looked at is refused, and changes nothing', async () => {
    const { ask, url } = opened()
    const response = await tap(url, { answer: 'allow' }, { accept: 'application/json' })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { code: 'digest-missing' } })
    expect(desk.find(ask.id).state).toBe('pending')
  })

  test('a browser that looks ahead is turned away', async () => {
    const { url } = opened()
    for (const [name, value] of [
      ['sec-purpose', 'prefetch;prerender'],
      ['purpose', 'prefetch'],
      ['x-moz', 'prefetch'],
    ] as const) {
      expect((await look(url, { headers: { [name]: value } })).status).toBe(503)
    }
  })

  test("another site's page cannot answer, our own and a script without a browser can", async () => {
    const { ask, url } = opened()
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'null', 'sec-fetch-site': 'cross-site' },
    ]) {
      expect((await tap(url, { answer: 'allow' }, headers)).status).toBe(403)
    }
    expect(desk.find(ask.id).state).toBe('pending')
    expect(
      (
        await tap(
          url,
          { answer: 'deny', digest: ask.digest },
          { origin: 'null', 'sec-fetch-site': 'same-origin' },
        )
      ).status,
    ).toBe(303)
  })

  test('a name that is not ours is refused, as a rebound one would be', async () => {
    const { url } = opened()
    expect((await look(url, { headers: { host: 'evil.example' } })).status).toBe(421)
  })

  test('a second tap gets 409 and who was first', async () => {
    const { ask, url } = opened()
    const { digest } = ask
    await tap(url, { answer: 'allow', digest })
    const response = await tap(url, { answer: 'deny', digest }, { accept: 'application/json' })
    expect(response.status).toBe(409)
    expect(await response.json()).toMatchObject({
      error: { code: 'already-ended', message: expect.stringContaining('by page'), ask: { answer: 'allow' } },
    })
  })

  test('an altered digest is refused and the ask stays open', async () => {
    const { ask, url } = opened()
    expect((await tap(url, { answer: 'allow', digest: '0'.repeat(16) })).status).toBe(409)
    expect(desk.find(ask.id).state).toBe('pending')
  })

  test('every link that leads nowhere gets the same page', async () => {
    const { url } = opened()
    const base = url.slice(0, -22)
    const wrong = [
      `${base}${'A'.repeat(22)}`,
      `${url}.`,
      `${url}=`,
      `${base}%00`,
      `${base}%E0%A4%A`,
      `${base}${'B'.repeat(500)}`,
    ]
    const pages = new Set<string>()
    for (const one of wrong) {
      const response = await look(one)
      expect([one, response.status]).toEqual([one, 404])
      pages.add(await response.text())
    }
    expect(pages.size).toBe(1)
  })

  test('whoever tries link after link is slowed down', async () => {
    const { url } = opened()
    const door = phoneDoor()
    const headers = { host: 'phone.test' }
    for (let i = 0; i < 30; i++) await door.request(`http://phone.test/a/${'A'.repeat(22)}`, { headers })
    expect((await door.request(`http://phone.test/a/${'A'.repeat(22)}`, { headers })).status).toBe(429)
    world.advance(61_000)
    expect((await door.request(url, { headers })).status).toBe(200)
  })

  test.each([
    ['binary rubbish', new Uint8Array([0xff, 0, 1]), 'application/octet-stream'],
    ['broken JSON', '{', 'application/json'],
    ['an answer that is none', 'answer=perhaps', 'application/x-www-form-urlencoded'],
    ['an empty form', '', 'application/x-www-form-urlencoded'],
  ])('%s is refused with a sentence', async (_, body, type) => {
    const { ask, url } = opened()
    const headers = { host: 'phone.test', 'content-type': type, accept: 'application/json' }
    const response = await phoneDoor().request(url, { method: 'POST', body, headers })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { message: expect.stringMatching(/\.$/) } })
    expect(desk.find(ask.id).state).toBe('pending')
  })

  test('words of an agent stay words on the page', async () => {
    const { url } = opened({
      input: {
        command: '</pre><form action="//evil"><button name="answer" value="allow">Yes</button></form>\u202e',
      },
    })
    const page = await (await look(url)).text()
    expect(page).not.toContain('<form action="//evil"')
    expect(page).toContain('‹U+202E›')
    const written = page.replace(/<textarea[\s\S]*?<\/textarea>/g, '')
    expect([...written.matchAll(/<[^>]* action="([^"]*)"/g)].map(([, to]) => to)).toEqual([
      expect.stringMatching(/^\/a\/[\w-]{22}\/quiet$/),
    ])
    expect(page.match(/<button /g)).toHaveLength(10)
  })

  test('no page may be framed, cached, indexed or run foreign scripts', async () => {
    const { headers } = await look(opened().url)
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
    expect(headers.get('content-security-policy')).not.toContain('unsafe')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-robots-tag')).toContain('noindex')
  })

  test('a reply page shows the last words and takes a text', async () => {
    const { ask, url } = opened({ kind: 'reply', text: 'Done. Next?', input: {} })
    expect(await (await look(url)).text()).toMatch(/last words[\s\S]*Done\. Next\?[\s\S]*<textarea/)
    await tap(url, { answer: 'reply', message: 'one\r\ntwo', digest: ask.digest })
    expect(world.typed).toEqual(['one\ntwo'])
  })

  test('a question page turns choices and free text into answers', async () => {
    const question = { question: 'Which?', multiSelect: true, options: [{ label: 'A' }, { label: 'B' }] }
    const { ask, url } = opened({
      kind: 'question',
      tool: 'AskUserQuestion',
      input: { questions: [question] },
    })
    expect(await (await look(url)).text()).toContain('type="checkbox"')
    const form = new URLSearchParams([
      ['answer', 'allow'],
      ['digest', ask.digest],
      ['choice-0', '0'],
      ['choice-0', '1'],
      ['other-0', 'and C'],
    ])
    await phoneDoor().request(url, {
      method: 'POST',
      body: form,
      headers: { host: 'phone.test', 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(desk.find(ask.id).decision).toEqual({ behavior: 'allow', choices: { 'Which?': 'A, B, and C' } })
  })
})

describe('a form that was filled in on the page', () => {
  test('is sent with its lists as lists', async () => {
    const schema = {
      properties: {
        parts: { type: 'array', items: { enum: ['a', 'b', 'c'] } },
        colour: { oneOf: [{ const: 'r', title: 'Red' }] },
        none: { type: 'array', items: { enum: ['a'] } },
      },
    }
    const ask = desk.open(SESSION, {
      ...aDraft(),
      kind: 'form',
      tool: undefined,
      input: { server: 'lab', mode: 'form', schema },
    })
    const body = new URLSearchParams([
      ['answer', 'allow'],
      ['digest', ask.digest],
      ['field-0', 'a'],
      ['field-0', 'c'],
      ['field-1', 'r'],
    ])
    await phoneDoor().request(new URL(desk.view(ask).url ?? '').pathname, {
      method: 'POST',
      body,
      headers: { host: 'phone.test', 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(desk.find(ask.id).decision).toEqual({
      behavior: 'allow',
      content: { parts: ['a', 'c'], colour: 'r' },
    })
  })
})

describe('the owner door', () => {
  test('lists what is pending, and everything when asked', async () => {
    const [first, second] = [desk.open(SESSION, aDraft()), desk.open(OTHER, aDraft())]
    await desk.answer(first.id, { answer: 'allow' }, 'cli')
    const ids = async (path: string) =>
      ((await (await ownerDoor().request(path)).json()) as { id: string }[]).map(({ id }) => id)
    expect(await ids('/asks')).toEqual([second.id])
    expect(await ids('/asks?all=1')).toEqual([first.id, second.id])
    expect(await ids('/asks?all=1&session=app')).toEqual([first.id])
  })

  test('never forgets one that still waits, however many have ended since', async () => {
    world.remove()
    world = createTestDesk({ newId })
    desk = world.desk
    const waiting = desk.open(SESSION, aDraft())
    for (let count = 0; count < 201; count += 1) {
      // One session alone may not ask that much.
      const ask = desk.open({ ...OTHER, id: sessionId.parse(`session1000${count % 5}`) }, aDraft())
      await desk.answer(ask.id, { answer: 'deny' }, 'cli')
    }
    const all = (await (await ownerDoor().request('/asks?all=1')).json()) as { id: string }[]
    expect(all.filter(({ id }) => id === waiting.id)).toHaveLength(1)
    expect(all[0]?.id).toBe(waiting.id)
    expect(await (await ownerDoor().request(`/asks/${waiting.id}`)).json()).toMatchObject({
      state: 'pending',
    })
  })

  test('a refused answer carries the ask as it is', async () => {
    const ask = desk.open(SESSION, aDraft())
    await ownerDoor().request(`/asks/${ask.id}/answer`, by(PERSON, json({ answer: 'allow' })))
    const response = await ownerDoor().request(`/asks/${ask.id}/answer`, by(PERSON, json({ answer: 'deny' })))
    expect(response.status).toBe(409)
    expect(await response.json()).toMatchObject({ error: { ask: { state: 'answered', answered_by: 'cli' } } })
  })

  test.each(RUBBISH)('refuses %s as an answer', async (_, body) => {
    const ask = desk.open(SESSION, aDraft())
    expect((await ownerDoor().request(`/asks/${ask.id}/answer`, by(PERSON, json(body)))).status).toBe(400)
    expect(desk.find(ask.id).state).toBe('pending')
  })

  test.each([
    '/asks/ID/answer',
    '/standing/1/revoke',
    '/mood',
    '/reminders',
    '/tests',
    '/tests/ID/end',
    '/sites/guests',
    '/sites/probes',
    '/sites/guests/dev/revoke',
    '/sites/guests/dev/forget',
    '/stop',
    '/person?command=rc+pair',
    '/what/a/later/version/may/have',
  ])('does %s for no Claude and for nobody that it does not know', async (path) => {
    const ask = desk.open(SESSION, aDraft())
    const at = path.replace('ID', ask.id)
    const allow = json({ answer: 'allow' })
    const response = await ownerDoor().request(at, by(CLAUDE, allow))
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({
      error: { code: 'claude-may-not', message: expect.stringContaining('(process 5)') },
    })
    expect(refused).toEqual([[path.includes('command') ? 'rc pair' : `POST ${at}`, 5]])
    const unknown = [allow, by(9, allow), { ...allow, headers: { ...allow.headers, 'x-rc-process': '7 8' } }]
    for (const given of unknown) {
      const other = await ownerDoor().request(at, given)
      expect(await other.json()).toMatchObject({ error: { code: 'caller-unknown' } })
    }
    expect(refused).toHaveLength(1)
    expect(desk.find(ask.id).state).toBe('pending')
  })

  test('lets a person say what may ring, and refuses what is no level', async () => {
    const say = async (given: unknown) => {
      const response = await ownerDoor().request('/mood', by(PERSON, json(given)))
      return [response.status, await response.json()]
    }
    const now = world.clock.now()
    expect(await say({ snooze_ms: 60_000 })).toEqual([
      200,
      { snoozedUntil: now + 60_000, level: 'all', levelUntil: null },
    ])
    expect(await say({ level: 'urgent', until: now + 5_000 })).toEqual([
      200,
      { snoozedUntil: now + 60_000, level: 'urgent', levelUntil: now + 5_000 },
    ])
    expect(await say({ snooze_ms: 0 })).toMatchObject([200, { snoozedUntil: null, level: 'urgent' }])
    for (const given of [{}, { level: 'loud', until: null }, { snooze_ms: -1 }, { level: 'all' }])
      expect(await say(given)).toMatchObject([400, { error: { code: 'bad-shape' } }])
  })

  test('rings again for a person, and says what came of it', async () => {
    desk.open(SESSION, aDraft())
    await new Promise(setImmediate)
    world.advance(5 * 60_000)
    const response = await ownerDoor().request('/reminders', by(PERSON, json({})))
    expect(await response.json()).toEqual([
      { session: 'app', waiting: 1, rang: ['phone'], failed: [], held: null },
    ])
    expect(world.pushes).toHaveLength(2)
  })

  test('lets a Claude read, but shows it no link that answers for whoever has it', async () => {
    const { id } = desk.open(SESSION, aDraft())
    const linksFor = async (given: RequestInit) => {
      const one = await (await ownerDoor().request(`/asks/${id}`, given)).json()
      const [other] = (await (await ownerDoor().request('/asks', given)).json()) as unknown[]
      return [one, other].map((ask) => (ask as { url: string | null }).url)
    }
    const link = expect.stringMatching(/^http:\/\/phone\.test\/a\//)
    expect(await linksFor(by(PERSON))).toEqual([link, link])
    for (const given of [by(CLAUDE), by(9), {}]) expect(await linksFor(given)).toEqual([null, null])
    expect((await ownerDoor().request('/sessions/sync', by(CLAUDE, { method: 'POST' }))).status).toBe(204)
  })
})
