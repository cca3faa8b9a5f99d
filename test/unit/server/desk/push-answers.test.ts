/** Answers that come back through a push service: bound to their question, good once, and told truly. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Ask } from '../../../../server/asks/ask.ts'
import type { Push, PushService } from '../../../../server/ports.ts'
import type { AskDraft } from '../../../../server/protocol.ts'
import { ALL_AT_ONCE } from '../../../../server/push/attention.ts'
import { createStore } from '../../../../server/store/store.ts'
import { aDraft, createTestDesk, OTHER, SESSION } from '../asks.ts'
import { phoneDoor } from '../phone/phone-door.ts'

let world: ReturnType<typeof createTestDesk>
let pushed: Push[]
let grave: (ask: Ask) => string | null

function service(name: string): PushService {
  return {
    name,
    async send(push) {
      pushed.push(push)
      return { service: name, ref: `${name}-${pushed.length}` }
    },
  }
}

beforeEach(() => {
  pushed = []
  grave = () => null
  world = createTestDesk({
    push: () => [service('first'), service('second')],
    attention: { ...ALL_AT_ONCE, graveOf: (ask) => grave(ask) },
  })
})
afterEach(() => world.remove())

const settle = async () => {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
}
/** Opens an ask and gives it with the code that a service's button of that name holds. */
async function open(change: Partial<AskDraft> = {}, session = SESSION) {
  const ask = world.desk.open(session, aDraft({ input: { command: 'git push origin topic' }, ...change }))
  await settle()
  const at = pushed.findIndex((push) => push.ask === ask.id)
  const code = (label: string, of = 0) =>
    pushed[at + of]?.buttons.find((one) => one.label === label)?.code ?? ''
  return { ask, code, ref: `first-${at + 1}` }
}
const tap = (code: string, name = 'first', person: string | null = 'Anna @anna') =>
  world.desk.answerFromPush(name, { code, person })
const type = (ref: string, text: string) => world.desk.answerFromPush('first', { text, ref, person: 'Anna' })
const now = ({ id }: { id: Ask['id'] }) => world.desk.find(id)

test.each([
  ['Yes', 'allow'],
  ['Always', 'always'],
  ['No', 'deny'],
])('%s says just that, and who said it through which service', async (label, answer) => {
  const { ask, code } = await open()
  expect(await tap(code(label))).toEqual({ isTaken: true, isKnown: true, words: `${label}.` })
  expect(now(ask)).toMatchObject({
    state: 'answered',
    answeredBy: 'first',
    answeredFrom: 'Anna @anna',
    answer: { answer },
  })
})

test('a second tap changes nothing, and is told what was first', async () => {
  const { ask, code } = await open()
  await tap(code('No'))
  expect(await tap(code('Yes'))).toMatchObject({
    isTaken: false,
    isKnown: true,
    words: expect.stringContaining('deny, by first'),
  })
  expect(now(ask).answer?.answer).toBe('deny')
})

test('a tap after the keyboard is told so', async () => {
  const { ask, code } = await open()
  await world.desk.withdraw(SESSION.id, ask.id, 'claude-ended')
  const told = await tap(code('Yes'))
  expect([told.isTaken, now(ask).answer]).toEqual([false, null])
})

describe('counts for nothing, and for no question at all:', () => {
  test.each<[string, (code: string, other: string) => [string, string]]>([
    ['the code of one service through another', (code) => [code, 'second']],
    [
      "an ask's seal under another ask",
      (code, other) => [other.slice(0, other.indexOf('.')) + code.slice(code.indexOf('.')), 'first'],
    ],
    ['the seal of a No for a Yes', (code) => [code.replace('.n.', '.y.'), 'first']],
    [
      'a seal with one letter changed',
      (code) => [code.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')), 'first'],
    ],
    ['one that is cut', (code) => [code.slice(0, -1), 'first']],
    ['one with more behind it', (code) => [`${code}A`, 'first']],
    ['one in capitals', (code) => [code.toUpperCase(), 'first']],
    ['the link of the page', (_, other) => [other, 'first']],
    ['nothing', () => ['', 'first']],
    ['ten thousand letters', () => ['a'.repeat(10_000), 'first']],
  ])('%s', async (_, change) => {
    const [one, two] = [await open(), await open({}, OTHER)]
    const [text, through] = change(one.code('No'), two.code('No'))
    const told = await tap(text === two.code('No') ? `${text} ` : text, through)
    expect(told).toMatchObject({ isTaken: false, isKnown: false })
    expect([now(one.ask).state, now(two.ask).state]).toEqual(['pending', 'pending'])
  })
})

test('the two services have codes of their own', async () => {
  const { code } = await open()
  expect(code('Yes')).not.toBe(code('Yes', 1))
  expect(code('Yes')).toMatch(/^[a-z2-9]{6,12}\.y\.[\w-]{22}$/)
})

test('what became grave meanwhile is not allowed by a button that was made before, and can be refused', async () => {
  const { ask, code } = await open()
  grave = () => 'push to origin/topic'
  expect(await tap(code('Yes'))).toMatchObject({
    isTaken: false,
    words: expect.stringContaining('push to origin/topic'),
  })
  expect(now(ask).state).toBe('pending')
  expect((await tap(code('No'))).isTaken).toBe(true)
})

test('a Yes to a question whose hook has ended reaches nobody, and is told so', async () => {
  const { ask, code } = await open()
  await world.desk.withdraw(SESSION.id, ask.id, 'stopped')
  expect(now(ask)).toMatchObject({ state: 'pending', hookEnd: { how: 'stopped' } })
  expect(await tap(code('Yes'))).toMatchObject({ isTaken: false, isKnown: true })
})

describe('a text that replies to a push', () => {
  test('is typed where Claude waits for a prompt', async () => {
    const { ask, ref } = await open({
      kind: 'reply',
      tool: undefined,
      input: {},
      text: 'Done.',
      client_wait_ms: undefined,
    })
    expect(await type(ref, ' go on\nplease ')).toMatchObject({ isTaken: true, words: 'Sent.' })
    expect(world.typed).toEqual(['go on\nplease'])
    expect(now(ask).answeredBy).toBe('first')
  })

  test.each([
    ['a reason', 'use a branch', { answer: 'deny', message: 'use a branch' }],
    ['a bare no', 'No.', { answer: 'deny' }],
    [
      'words that begin with yes',
      'yes, but not on main',
      { answer: 'deny', message: 'yes, but not on main' },
    ],
  ])('is a No with %s', async (_, text, answer) => {
    const { ask, ref } = await open()
    expect((await type(ref, text)).isTaken).toBe(true)
    expect(now(ask).answer).toMatchObject(answer)
  })

  test.each(['yes', 'OK', 'y', '👍', 'Always', 'go ahead!'])(
    'is neither a Yes nor a reason when it says %j',
    async (text) => {
      const { ask, ref } = await open()
      expect(await type(ref, text)).toMatchObject({
        isTaken: false,
        isKnown: true,
        words: expect.stringContaining('button'),
      })
      expect(now(ask).state).toBe('pending')
    },
  )

  test('is the answer in own words to a single question, and to nothing with several', async () => {
    const question = (text: string) => ({
      question: text,
      header: 'H',
      options: [{ label: 'a' }, { label: 'b' }],
      multiSelect: false,
    })
    const one = await open({
      kind: 'question',
      tool: 'AskUserQuestion',
      input: { questions: [question('Which?')] },
    })
    expect((await type(one.ref, 'neither')).isTaken).toBe(true)
    expect(now(one.ask).answer).toMatchObject({ answer: 'allow', choices: { 'Which?': 'neither' } })
    const two = await open({
      kind: 'question',
      tool: 'AskUserQuestion',
      input: { questions: [question('A?'), question('B?')] },
    })
    expect(await type(two.ref, 'neither')).toMatchObject({ isTaken: false, isKnown: true })
  })

  test('answers none of several that one push stands for', async () => {
    const [one, two] = [await open(), await open()]
    const store = createStore(world.stateDir)
    for (const { ask } of [one, two])
      store.addPush(ask.id, {
        ...{ service: 'first', ref: 'crowd', at: 1, error: null, code: null, step: 0, because: 'crowd' },
      })
    expect(await type('crowd', 'use a branch')).toMatchObject({
      isTaken: false,
      isKnown: true,
      words: expect.stringContaining('several questions'),
    })
    expect([now(one.ask).state, now(two.ask).state]).toEqual(['pending', 'pending'])
  })

  test('to a push that is not known, or is over, changes nothing', async () => {
    const { ask, ref } = await open()
    expect(await type('first-99', 'no')).toMatchObject({ isTaken: false, isKnown: false })
    expect(await type(ref, '  ')).toMatchObject({ isTaken: false })
    expect(now(ask).state).toBe('pending')
    await type(ref, 'no')
    expect(await type(ref, 'no')).toMatchObject({ isTaken: false, isKnown: true })
  })
})

test('a name that somebody has in a service steers nothing', async () => {
  const { ask, code } = await open()
  await tap(code('No'), 'first', `\u001b[2J\u202e${'x'.repeat(500)}`)
  const from = now(ask).answeredFrom ?? ''
  expect(from.startsWith('‹U+001B›[2J‹U+202E›')).toBe(true)
  expect(from.length).toBeLessThanOrEqual(60)
})

describe('at the phone door', () => {
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    phoneDoor(world).request(`http://phone.test${path}`, {
      method: 'POST',
      body,
      headers: { host: 'phone.test', ...headers },
    })

  test('a button brings its code, and the app shows what came of it', async () => {
    const { ask, code } = await open()
    const [first, second] = [await post('/b/first', code('Yes')), await post('/b/first', code('No'))]
    expect([first.status, await first.text()]).toEqual([200, 'Yes.\n'])
    expect([second.status, await second.text()]).toEqual([
      409,
      expect.stringContaining('already answered: allow'),
    ])
    expect(now(ask)).toMatchObject({ answeredBy: 'first', answeredFrom: null })
  })

  test.each<[string, string, Record<string, string>, number]>([
    ['from another site', '/b/first', { origin: 'http://evil.test' }, 403],
    ['by a browser that looks ahead', '/b/first', { 'sec-purpose': 'prefetch' }, 503],
    ['under another name of this machine', '/b/first', { host: 'evil.test' }, 421],
    ['for another service', '/b/second', {}, 409],
  ])('a code that comes %s counts for nothing', async (_, path, headers, status) => {
    const { ask, code } = await open()
    expect((await post(path, code('Yes'), headers)).status).toBe(status)
    expect(now(ask).state).toBe('pending')
  })

  test('a GET and a code in the address do nothing', async () => {
    const { ask, code } = await open()
    for (const path of ['/b/first', `/b/first/${code('Yes')}`, `/b/first?${code('Yes')}`])
      expect(
        (await phoneDoor(world).request(`http://phone.test${path}`, { headers: { host: 'phone.test' } }))
          .status,
      ).toBe(404)
    expect(now(ask).state).toBe('pending')
  })
})
