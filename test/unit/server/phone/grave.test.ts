/** What cannot be undone is allowed by a second tap that says what it is about, and by nothing less. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Ask } from '../../../../server/asks/ask.ts'
import { DEFAULT_GRAVE, graveOf as foundIn } from '../../../../server/asks/grave.ts'
import type { AskDraft } from '../../../../server/protocol.ts'
import { ALL_AT_ONCE } from '../../../../server/push/attention.ts'
import { aDraft, createTestDesk, SESSION } from '../asks.ts'
import { phoneDoor } from './phone-door.ts'

const OBJECT = 'push to origin/main'
let world: ReturnType<typeof createTestDesk>
let graveOf: (ask: Ask) => string | null

beforeEach(() => {
  graveOf = ({ input }) => (String(input['command']).includes('main') ? OBJECT : null)
  world = createTestDesk({ attention: { ...ALL_AT_ONCE, graveOf: (ask) => graveOf(ask) } })
})
afterEach(() => world.remove())

const open = (change: Partial<AskDraft> = {}) => world.desk.open(SESSION, aDraft(change))
async function post(ask: Ask, fields: Record<string, string>, headers: Record<string, string> = {}) {
  const url = world.desk.view(ask).url ?? ''
  const body = new URLSearchParams({ digest: ask.digest, ...fields })
  const response = await phoneDoor(world).request(url, {
    method: 'POST',
    body,
    headers: { host: 'phone.test', ...headers },
  })
  return { status: response.status, text: await response.text() }
}
const now = ({ id }: Ask) => world.desk.find(id)
/** The fields of the second form, as a browser would send them. */
const hidden = (page: string) =>
  Object.fromEntries(
    [...page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']) => [
        name,
        value
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&quot;', '"')
          .replaceAll('&#39;', "'")
          .replaceAll('&amp;', '&'),
      ],
    ),
  )

async function page(ask: Ask): Promise<string> {
  const url = world.desk.view(ask).url ?? ''
  return (await phoneDoor(world).request(url, { headers: { host: 'phone.test' } })).text()
}

test('the page says it before anything is tapped', async () => {
  expect(await page(open())).toContain(`Cannot be undone: <b>${OBJECT}</b>`)
})

test.each(['allow', 'always', 'always minutes 30'])(
  '%s is asked for once more, and counts then',
  async (answer) => {
    const ask = open()
    const first = await post(ask, { answer })
    expect([first.status, now(ask).state]).toEqual([428, 'pending'])
    expect(first.text).toContain(`<p class="object">${OBJECT}</p>`)
    expect(first.text).toContain('git push origin main')
    expect(hidden(first.text)).toEqual({ digest: ask.digest, answer, sure: OBJECT })
    expect((await post(ask, hidden(first.text))).status).toBe(303)
    expect(now(ask)).toMatchObject({ state: 'answered', answer: { answer: answer.split(' ')[0] } })
    expect(now(ask).answer).not.toHaveProperty('sure')
  },
)

test('a No, also one with words, needs no second tap', async () => {
  for (const fields of [{ answer: 'deny' }, { answer: 'deny', message: 'use a branch' }]) {
    const ask = open()
    expect((await post(ask, fields)).status).toBe(303)
    expect(now(ask).answer?.answer).toBe('deny')
  }
})

test('what counts is what would be allowed: a change can make it grave, and can make it harmless', async () => {
  const harmless = open({ input: { command: 'make topic' } })
  const first = await post(harmless, {
    answer: 'allow edited',
    edited: 'make main\n  # "two" lines',
  })
  expect([first.status, now(harmless).state]).toEqual([428, 'pending'])
  expect(hidden(first.text)).toMatchObject({
    answer: 'allow edited',
    edited: 'make main\n  # "two" lines',
  })
  expect((await post(harmless, hidden(first.text))).status).toBe(303)
  expect(now(harmless).decision).toMatchObject({
    updated_input: { command: 'make main\n  # "two" lines' },
  })
  const grave = open({ input: { command: 'make main' } })
  expect((await post(grave, { answer: 'allow edited', edited: 'make topic' })).status).toBe(303)
})

describe('is not enough:', () => {
  test.each([
    ['nothing', {}],
    ['an empty word', { sure: '' }],
    ['yes', { sure: 'yes' }],
    ['another object', { sure: 'push to origin/topic' }],
    ['the object in capitals', { sure: OBJECT.toUpperCase() }],
    ['the object with more behind it', { sure: `${OBJECT} ` }],
  ])('%s', async (_, fields) => {
    const ask = open()
    expect((await post(ask, { answer: 'allow', ...fields })).status).toBe(428)
    expect(now(ask).state).toBe('pending')
  })

  test('the object of what the list said before', async () => {
    const ask = open()
    graveOf = () => 'push to origin/main by force'
    expect((await post(ask, { answer: 'allow', sure: OBJECT })).status).toBe(428)
    expect(now(ask).state).toBe('pending')
  })

  test('two of them, of which one is right', async () => {
    const ask = open()
    const url = world.desk.view(ask).url ?? ''
    const body = new URLSearchParams([
      ['digest', ask.digest],
      ['answer', 'allow'],
      ['sure', 'no'],
      ['sure', OBJECT],
    ])
    const response = await phoneDoor(world).request(url, {
      method: 'POST',
      body,
      headers: { host: 'phone.test' },
    })
    expect([response.status, now(ask).state]).toEqual([428, 'pending'])
  })

  test('the right one with another digest', async () => {
    const ask = open()
    expect((await post(ask, { answer: 'allow', sure: OBJECT, digest: '0'.repeat(16) })).status).toBe(409)
    expect(now(ask).state).toBe('pending')
  })
})

test('a program is told in JSON what to say, and may say it', async () => {
  const ask = open()
  const json = { accept: 'application/json' }
  const { status, text } = await post(ask, { answer: 'allow' }, json)
  expect(status).toBe(428)
  expect(JSON.parse(text)).toMatchObject({
    error: {
      code: 'sure-missing',
      message: expect.stringContaining(OBJECT),
      remedy: expect.any(String),
      ask: { grave: OBJECT },
    },
  })
  expect((await post(ask, { answer: 'allow', sure: OBJECT }, json)).status).toBe(200)
})

describe('whatever the command holds, the second tap counts and the page shows nothing but text:', () => {
  const shown = (page: string) => page.replace(/<input[^>]*>/g, '')
  /** What a browser makes of a hidden field: the parser's replacements, then the form's line ends. */
  const asSent = (fields: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        value.replace(/\r\n?/g, '\n').replaceAll('\0', '\ufffd').replaceAll('\n', '\r\n'),
      ]),
    )

  test.each<[string, string, string?]>([
    ['markup', 'rm -rf /x"><script>alert(1)</script>', '&lt;script&gt;'],
    ['quotes of both kinds', `rm -rf /x'"&quot;&#39;`],
    ['text that turns its direction', 'rm -rf /x\u202egnp.exe', 'delete /x‹U+202E›gnp.exe'],
    ['right-to-left text', 'rm -rf /\u05d0\u05d1\u05d2/\u0645\u0631\u062d\u0628\u0627'],
    ['control characters', 'rm -rf /x\u0007\u001b[2J\u0000y'],
    ['line ends', 'rm -rf "/a\rb" \\\n /c'],
    ['something very long', `rm -rf /${'x'.repeat(5_000)}`],
    ['something too long to be read', `rm -rf /${'x'.repeat(50_000)}`],
    ['a mark like ours', 'rm -rf /x‹U+202E›'],
  ])('%s', async (_, command, says) => {
    graveOf = (ask) => foundIn({ ...ask, workspace: '/w/app' }, DEFAULT_GRAVE)
    const ask = open({ input: { command } })
    const first = await post(ask, { answer: 'allow' })
    expect([first.status, now(ask).state]).toEqual([428, 'pending'])
    expect(shown(first.text)).not.toMatch(/<script>|\p{Bidi_Control}|(?!\n)\p{Cc}/u)
    const [, object = ''] = /<p class="object">([^<]*)</.exec(first.text) ?? []
    // The first page says it in the same words.
    expect(await page(ask)).toContain(`Cannot be undone: <b>${object}</b>`)
    if (says !== undefined) expect(object).toContain(says)
    expect(object.length).toBeLessThan(200)
    expect((await post(ask, asSent(hidden(first.text)))).status).toBe(303)
    expect(now(ask)).toMatchObject({ state: 'answered', decision: { behavior: 'allow' } })
    expect(now(ask).decision).not.toHaveProperty('updated_input')
  })
})

describe('of the second form', () => {
  test.each<[string, (fields: Record<string, string>) => Record<string, string>, number]>([
    ['a digest of something else is refused', (one) => ({ ...one, digest: 'f'.repeat(16) }), 409],
    ['no digest is refused', (one) => ({ ...one, digest: '' }), 400],
    [
      'another command than was repeated is asked for again',
      (one) => ({ ...one, answer: 'allow edited', edited: 'make main other' }),
      428,
    ],
    [
      'an Always instead of the Yes still stands for the same object',
      (one) => ({ ...one, answer: 'always' }),
      303,
    ],
    [
      'a Yes that is no answer of this question is refused',
      (one) => ({ ...one, answer: 'press Enter' }),
      400,
    ],
  ])('%s', async (_, change, status) => {
    graveOf = ({ input }) => (/main/.test(String(input['command'])) ? `run ${input['command']}` : null)
    const ask = open({ input: { command: 'make main' } })
    const first = await post(ask, { answer: 'allow' })
    expect((await post(ask, change(hidden(first.text)))).status).toBe(status)
    expect(now(ask).state).toBe(status === 303 ? 'answered' : 'pending')
  })
})

test('JSON without the wish for JSON is told so, too, and never shown a form that holds nothing', async () => {
  const ask = open()
  const response = await phoneDoor(world).request(world.desk.view(ask).url ?? '', {
    method: 'POST',
    body: JSON.stringify({ answer: 'allow', digest: ask.digest }),
    headers: { host: 'phone.test', 'content-type': 'application/json' },
  })
  expect([response.status, await response.text()]).toEqual([428, expect.not.stringContaining('<form')])
  expect(now(ask).state).toBe('pending')
})

test.each(['GET', 'HEAD'])('%s with everything in the address changes nothing', async (method) => {
  const ask = open()
  const query = new URLSearchParams({ answer: 'allow', digest: ask.digest, sure: OBJECT })
  await phoneDoor(world).request(`${world.desk.view(ask).url}?${query}`, {
    method,
    headers: { host: 'phone.test' },
  })
  expect(now(ask).state).toBe('pending')
})

test('on the machine itself one answer is enough', async () => {
  const ask = open()
  await world.desk.answer(ask.id, { answer: 'allow' }, 'cli')
  expect(now(ask).state).toBe('answered')
})
