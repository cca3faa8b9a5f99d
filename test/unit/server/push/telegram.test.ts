/** How Telegram's updates are read, what its refusals mean, and which message of whom is changed in the end. */
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { examinePush } from '../../../../bin/doctor/push.ts'
import type { PushAnswer, PushEnd } from '../../../../server/ports.ts'
import type { AskId } from '../../../../server/protocol.ts'
import { toNotificationOptions } from '../../../../server/push/options.ts'
import { PUSH_SERVICES } from '../../../../server/push/services/index.ts'
import { aPush, createHurriedClock, createServices, someButtons } from './create-services.ts'
import type { Reply } from './recorder.ts'
import { OWNER, startStandIn, type TelegramPhone } from './services/telegram.ts'

const ASK = 'abc234' as AskId
const asked = () => aPush({ ask: ASK, buttons: someButtons() })

let phone: TelegramPhone
let given: PushAnswer[]
let troubles: (string | null)[]
let memory: string | null
/** What happens at the moment in which an answer is given. */
let onGiven: () => void
beforeEach(async () => {
  given = []
  troubles = []
  memory = null
  onGiven = () => {}
  phone = await startStandIn()
  onTestFinished(() => phone.recorder.close())
})

const set = (change: object = {}) => ({
  telegram: { ...(phone.notifications as { telegram: object }).telegram, ...change },
})
function create(change: object = {}, clock = createHurriedClock().clock) {
  const [service] = createServices(set(change), { clock })
  if (service === undefined) throw new Error('it is not set up')
  return service
}
/** Listens, and gives what was waited meanwhile, in milliseconds. */
function listen(change: object = {}) {
  const { clock, waits } = createHurriedClock()
  const service = create(change, clock)
  const listener = service.listen?.({
    async answer(one) {
      given.push(one)
      onGiven()
      return { isTaken: true, isKnown: true, words: 'Yes.' }
    },
    memory: {
      get: () => memory,
      set(text) {
        memory = text
      },
    },
    trouble: (why) => troubles.push(why),
  })
  const stop = () => listener?.stop()
  onTestFinished(stop)
  return { service, waits, stop }
}
const polls = () => phone.recorder.received.filter(({ path }) => path.endsWith('/getUpdates'))
const offsets = () => polls().map(({ body }) => (body as { offset: number }).offset)
const refusal = (status: number, description: string, parameters?: object): Reply => ({
  status,
  body: { ok: false, error_code: status, description, parameters },
})

describe('its updates', () => {
  test('are read on from where it was, of the same bot at the same server alone', async () => {
    const first = listen()
    await first.service.send(asked())
    await phone.tap(0, 'Yes')
    await vi.waitFor(() => expect(offsets()).toHaveLength(2))
    first.stop()
    const again = listen()
    await vi.waitFor(() => expect(offsets()).toHaveLength(3))
    again.stop()
    memory = (memory ?? '').replace('123456789 ', '99 ')
    listen()
    await vi.waitFor(() => expect(offsets()).toHaveLength(4))
    expect(offsets()).toEqual([0, 70_002, 70_002, 0])
  })

  test.each(['nonsense', '12', ' ', '99 -5', 'a b c'])(
    'are read from the first where the memory is %j',
    async (text) => {
      memory = text
      listen()
      await vi.waitFor(() => expect(offsets()).toEqual([0]))
    },
  )

  test('count where their numbers begin anew, lower than before', async () => {
    const { service } = listen()
    await service.send(asked())
    await phone.tap(0, 'Yes')
    await vi.waitFor(() => expect(given).toHaveLength(1))
    phone.countFrom(12)
    await phone.tap(0, 'No')
    await vi.waitFor(() => expect(given).toHaveLength(2))
    await vi.waitFor(() => expect(offsets()).toEqual([0, 70_002, 13]))
  })

  test('come however many and long they are', async () => {
    const long = '🙂'.repeat(2_048)
    const service = create()
    await service.send(aPush({ message: '🙂'.repeat(1_400) }))
    for (let count = 0; count < 25; count++) await phone.type(0, long)
    listen()
    await vi.waitFor(() => expect(given).toHaveLength(25))
    expect(given.at(-1)).toMatchObject({ text: long })
    expect(troubles.filter((why) => why !== null)).toEqual([])
  })

  test('are confirmed only when their answer was given, and told', async () => {
    const then: (string | null)[] = []
    onGiven = () => {
      then.push(memory)
      phone.recorder.next.push({
        by(response) {
          then.push(memory)
          response.writeHead(200).end('{"ok":true,"result":true}')
        },
      })
    }
    const { service } = listen()
    await service.send(asked())
    await phone.tap(0, 'Yes')
    await vi.waitFor(() => expect(memory).toMatch(/ 70002$/))
    expect(then).toEqual([null, null])
  })

  test('wait for the next one where it is stopped among them', async () => {
    await create().send(asked())
    await phone.tap(0, 'Yes')
    await phone.tap(0, 'No')
    const { stop } = listen()
    onGiven = stop
    await vi.waitFor(() => expect(phone.told).toHaveLength(1))
    await vi.waitFor(() => expect(memory).toMatch(/ 70002$/))
    expect(given).toHaveLength(1)
    listen()
    await vi.waitFor(() => expect(given).toHaveLength(2))
    await vi.waitFor(() => expect(phone.unanswered()).toBe(0))
    expect([given.map((one) => 'code' in one && one.code[7]), phone.broken]).toEqual([['y', 'n'], []])
  })
})

describe('who reads them', () => {
  const repeated = { ok: true, result: [{ update_id: -1 }] }
  test.each<[string, Reply]>([
    ['a page of somebody else', { status: 200, text: '<html>Log in</html>' }],
    ['nothing', { status: 200, text: '' }],
    ['another object', { status: 200, body: { ok: true, result: {} } }],
    ['updates without numbers', { status: 200, body: { ok: true, result: ['nonsense', null] } }],
    ['what was read before', { status: 200, body: repeated }],
    ['no end', { status: 200, endless: 'fast' }],
  ])('leaves longer and longer pauses where %s is the answer, and says so', async (_, reply) => {
    phone.recorder.next.push(reply, reply, reply)
    const { waits } = listen()
    await vi.waitFor(() => expect(phone.isPolled()).toBe(true))
    expect(waits).toEqual([1_000, 2_000, 4_000])
    expect(troubles).toEqual(Array(3).fill(expect.stringContaining('notifications.telegram.api_url')))
  })

  test('leaves a pause where the server does not hold a poll open', async () => {
    const empty = { status: 200, body: { ok: true, result: [] } }
    phone.recorder.next.push(empty, empty)
    const { waits } = listen()
    await vi.waitFor(() => expect(phone.isPolled()).toBe(true))
    expect(waits).toEqual([1_000, 1_000])
  })

  test.each<[string, Reply, RegExp, number]>([
    ['its token is not known', refusal(401, 'Unauthorized'), /no bot of this token.*BotFather/, 60_000],
    ['its token cannot be one', refusal(404, 'Not Found'), /no bot of this token.*BotFather/, 60_000],
    [
      'a webhook is set',
      refusal(409, "Conflict: can't use getUpdates method while webhook is active"),
      /Another program .* or a webhook is set .* one bot for one machine/,
      60_000,
    ],
    ['it asks too often', refusal(429, 'Too Many Requests', { retry_after: 300 }), /left alone/, 300_000],
    [
      'it asks too often by a little',
      refusal(429, 'Too Many Requests', { retry_after: 3 }),
      /left alone/,
      3_000,
    ],
    [
      'it is to wait for years',
      refusal(429, 'Too Many Requests', { retry_after: 1e9 }),
      /left alone/,
      3_600_000,
    ],
    ['the service fails', refusal(502, 'Bad Gateway'), /Telegram answered 502/, 1_000],
    ['it cannot be reached', 'connection lost', /Telegram could not be reached/, 1_000],
  ])('is told plainly that %s, and tries again in time', async (_, reply, words, pauseMs) => {
    phone.recorder.next.push(reply)
    const { waits } = listen()
    await vi.waitFor(() => expect(phone.isPolled()).toBe(true))
    expect(waits).toEqual([pauseMs])
    expect(troubles[0]).toMatch(words)
  })

  test('lets go of a poll at once, and of a pause', async () => {
    const { stop } = listen()
    await vi.waitFor(() => expect(phone.isPolled()).toBe(true))
    stop()
    await vi.waitFor(() => expect(phone.isPolled()).toBe(false))
    expect([polls().length, troubles]).toEqual([1, []])
  })
})

describe('a refusal', () => {
  test('never shows the token, whoever repeats it', async () => {
    const { bot_token: token } = set().telegram as unknown as { bot_token: string }
    phone.recorder.next.push(refusal(404, `Cannot POST /bot${token}/sendMessage`))
    const { message } = await create()
      .send(aPush())
      .then(
        () => expect.unreachable(),
        (error) => error,
      )
    expect(message).toContain('Cannot POST /bot')
    expect(message).not.toContain(token.split(':')[1])
  })

  test('says which number a group has now', async () => {
    const upgraded = 'Bad Request: group chat was upgraded to a supergroup chat'
    phone.recorder.next.push(refusal(400, upgraded, { migrate_to_chat_id: -100_200_300 }))
    await expect(create({ chat_id: -42 }).send(aPush())).rejects.toThrow(
      `${upgraded}; its chat_id is -100200300 now`,
    )
  })
})

describe('the end of a question', () => {
  const end: PushEnd = {
    ...{ ask: ASK, state: 'answered', because: null, answer: 'deny', by: 'page', at: 1_000 },
    ...{ words: 'Answered No on the page.', session: 'app', title: 'app', message: 'git push' },
  }

  test('is shown once, where an earlier try got through already', async () => {
    const receipt = await create().send(asked())
    expect(await create().withdraw?.(receipt, end)).toBe('edited')
    expect(await create().withdraw?.(receipt, end)).toBe('edited')
    expect([phone.ended(), phone.broken]).toEqual([[ASK], []])
  })

  test('is nothing to a message that somebody has removed', async () => {
    const receipt = await create().send(asked())
    phone.remove(0)
    expect(await create().withdraw?.(receipt, end)).toBeNull()
  })

  test('changes the message in the chat that it was sent to, whichever is written to now', async () => {
    const receipt = await create().send(asked())
    await create({ chat_id: -100_1 }).send(asked())
    await create({ chat_id: -100_1 }).withdraw?.(receipt, end)
    expect(phone.messages.map(({ isEdited }) => isEdited)).toEqual([true, false])
  })

  test.each([null, '1', '99/4711/1', 'nonsense'])(
    'asks nothing of the service for %j, which is not of this bot',
    async (ref) => {
      await create().send(asked())
      expect(await create().withdraw?.({ service: 'telegram', ref }, end)).toBeNull()
      expect(phone.recorder.received).toHaveLength(1)
    },
  )
})

test.each([
  [{}, /buttons to answer with, answers come back/],
  [{ chat_id: -100_1, users: [OWNER] }, /buttons to answer with, answers come back/],
  [{ chat_id: -100_1 }, /a link to the answer page, told when/],
  [{ chat_id: '@my_channel' }, /a link to the answer page, told when/],
])('rc doctor says of %j whether anybody can answer', (change, words) => {
  const settings = toNotificationOptions(PUSH_SERVICES).parse(set(change))
  expect(examinePush(settings)).toEqual([expect.objectContaining({ name: expect.stringMatching(words) })])
})
