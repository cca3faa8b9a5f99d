/** What ntfy and Telegram do beside the contract: who may answer, who is told what, and what a stranger can do. */
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { PushAnswer, PushService, Told } from '../../../../server/ports.ts'
import type { AskId } from '../../../../server/protocol.ts'
import { aPush, createServices, someButtons } from './create-services.ts'
import { type NtfyPhone, startStandIn as startNtfy } from './services/ntfy.ts'
import { OWNER, startStandIn as startTelegram, type TelegramPhone } from './services/telegram.ts'

const ASK = 'abc234' as AskId
const asked = () => aPush({ ask: ASK, buttons: someButtons() })
const TAKEN: Told = { isTaken: true, isKnown: true, words: 'Yes.' }
const LOST: Told = { isTaken: false, isKnown: true, words: 'This question was already answered.' }
const STRANGE: Told = { isTaken: false, isKnown: false, words: 'This button leads to no question.' }

let given: PushAnswer[]
let troubles: (string | null)[]
let told: Told
let memory: string | null
beforeEach(() => {
  given = []
  troubles = []
  told = TAKEN
  memory = null
})

/** The service as it is set up, listening. */
function listen(notifications: object): PushService {
  const [service] = createServices(notifications)
  const listener = service?.listen?.({
    async answer(one) {
      given.push(one)
      return told
    },
    memory: {
      get: () => memory,
      set(text) {
        memory = text
      },
    },
    trouble: (why) => troubles.push(why),
  })
  onTestFinished(() => listener?.stop())
  return service as PushService
}

describe('Telegram', () => {
  let phone: TelegramPhone
  beforeEach(async () => {
    phone = await startTelegram()
    onTestFinished(() => phone.recorder.close())
  })
  const telegram = (change: object = {}) => ({
    telegram: { ...(phone.notifications as { telegram: object }).telegram, ...change },
  })

  test('tells whoever taps what came of it, so that no button keeps its clock', async () => {
    const service = listen(telegram())
    await service.send(asked())
    await phone.tap(0, 'Yes')
    await vi.waitFor(() => expect(phone.told).toEqual(['Yes.']))
    told = LOST
    await phone.tap(0, 'No')
    await vi.waitFor(() => expect(phone.told).toEqual(['Yes.', LOST.words]))
    expect([phone.unanswered(), phone.broken]).toEqual([0, []])
  })

  test('takes nothing from a stranger, and says so', async () => {
    const service = listen(telegram())
    await service.send(asked())
    await phone.tap(0, 'Yes', OWNER + 1)
    await phone.type(0, 'use a branch', OWNER + 1)
    await vi.waitFor(() =>
      expect(phone.told).toEqual([expect.stringContaining('notifications.telegram.users')]),
    )
    await phone.tap(0, 'No')
    await vi.waitFor(() => expect(given).toHaveLength(1))
    expect(given[0]).toMatchObject({ code: expect.stringContaining('.n.') })
  })

  test('takes answers of those who are named, and in a group of nobody else', async () => {
    const service = listen(telegram({ chat_id: -100_1, users: [OWNER + 1] }))
    await service.send(asked())
    await phone.tap(0, 'Yes', OWNER)
    await phone.tap(0, 'No', OWNER + 1)
    await vi.waitFor(() => expect(given).toHaveLength(1))
    expect(given[0]).toMatchObject({ code: expect.stringContaining('.n.') })
  })

  test('takes nobody in a group where nobody is named any more, and offers no button there', async () => {
    const [before] = createServices(telegram({ chat_id: -100_1, users: [OWNER] }))
    await before?.send(asked())
    const service = listen(telegram({ chat_id: -100_1 }))
    await service.send(asked())
    expect(phone.buttons?.().map((buttons) => buttons.length)).toEqual([3, 0])
    await phone.tap(0, 'Yes', OWNER)
    await vi.waitFor(() => expect(phone.told).toHaveLength(1))
    expect(given).toEqual([])
  })

  test('brings a text that replies to a push, and no other', async () => {
    const service = listen(telegram())
    const { ref } = await service.send(asked())
    await phone.type(7, 'to nothing')
    await phone.type(0, 'use a branch')
    await vi.waitFor(() => expect(given).toHaveLength(1))
    expect(given).toEqual([{ text: 'use a branch', ref, person: 'Anna @anna_b' }])
    await vi.waitFor(() => expect(phone.told).toEqual(['Yes.']))
  })

  test('says plainly that another program reads along, without its token, and goes on when that has ended', async () => {
    const conflict = {
      ok: false,
      error_code: 409,
      description: 'Conflict: terminated by other getUpdates request',
    }
    phone.recorder.next.push({ status: 409, body: conflict })
    const service = listen(telegram())
    await vi.waitFor(() =>
      expect(troubles[0]).toMatch(/Another program reads the messages of this Telegram bot/),
    )
    await service.send(asked())
    await phone.tap(0, 'Yes')
    await vi.waitFor(() => expect(given).toHaveLength(1))
    expect(troubles.at(-1)).toBeNull()
    expect(JSON.stringify(troubles)).not.toContain('Ab-_Ab-_')
  })

  test('waits as long as it is asked to', async () => {
    const wait = {
      ok: false,
      error_code: 429,
      description: 'Too Many Requests',
      parameters: { retry_after: 7 },
    }
    phone.recorder.next.push({ status: 429, body: wait })
    const [service] = createServices(telegram())
    await service?.send(asked())
    expect(phone.messages).toHaveLength(1)
  })

  test('reads no markup in the words of an agent, and puts a link that no button can hold into the text', async () => {
    const [service] = createServices(telegram())
    await service?.send(aPush({ message: '<b>*_[a](http://evil.test)', url: 'http://my-machine:8422/a/x' }))
    expect(phone.messages[0]).toMatchObject({
      text: 'app: Bash needs approval\n<b>*_[a](http://evil.test)\n\nhttp://my-machine:8422/a/x',
      entities: [{ type: 'bold', offset: 0, length: 24 }],
    })
    expect(phone.messages[0]?.reply_markup).toBeUndefined()
  })

  test('what it is sent that is nothing of ours is passed over', async () => {
    const result = [
      { update_id: 5, message: { message_id: 'x' } },
      { update_id: 6, poll: {} },
      'nonsense',
      null,
    ]
    phone.recorder.next.push({ status: 200, body: { ok: true, result } }, { status: 200, body: 'nonsense' })
    listen(telegram())
    await vi.waitFor(() => expect(memory).toMatch(/ 7$/))
    expect(given).toEqual([])
  })
})

describe('ntfy', () => {
  let phone: NtfyPhone
  const start = async (reply: boolean) => {
    phone = await startNtfy({ reply })
    onTestFinished(() => phone.recorder.close())
    return listen(phone.notifications)
  }

  test('has its buttons call this machine where there is no topic for answers', async () => {
    const service = await start(false)
    await service.send(asked())
    expect(phone.recorder.received[0]?.body).toMatchObject({
      actions: someButtons().map(({ code, url }) => ({ url, body: code, method: 'POST', clear: true })),
    })
    expect(JSON.stringify(phone.recorder.received[0]?.body)).not.toContain('tk_')
  })

  test('opens the way back before it sends anything that could be answered', async () => {
    const service = await start(true)
    await service.send(asked())
    const [first, second] = phone.recorder.received
    expect([first?.method, first?.path.split('?')[0], second?.method]).toEqual([
      'GET',
      '/rc-answers/json',
      'POST',
    ])
  })

  test('tells by a quiet message whoever was too late, and says nothing to a stranger', async () => {
    const service = await start(true)
    await service.send(asked())
    told = STRANGE
    await phone.tap?.(0, 'Yes')
    await vi.waitFor(() => expect(given).toHaveLength(1))
    told = LOST
    await phone.tap?.(0, 'No')
    await vi.waitFor(() => expect(phone.shown()).toHaveLength(2))
    expect(phone.shown()[1]).toMatchObject({ title: 'Not taken', message: LOST.words })
    expect(phone.broken).toEqual([])
  })

  test('survives whatever a stranger sends to the topic for answers', async () => {
    const service = await start(true)
    await service.send(asked())
    const url = `${phone.recorder.url}/rc-answers`
    for (const body of ['x'.repeat(100_000), '\u0000', '{"event":"message"}', ''])
      await fetch(url, { method: 'POST', body })
    await phone.tap?.(0, 'Yes')
    await vi.waitFor(() => expect(given.at(-1)).toEqual({ code: someButtons()[0]?.code, person: null }))
  })

  test('does not take what was said before it listened for the first time, nor what was read in another topic', async () => {
    memory = 'another-topic m0'
    const service = await start(true)
    await service.send(asked())
    const [asking] = phone.recorder.received
    expect(asking?.path).toMatch(/^\/rc-answers\/json\?since=\d{10}$/)
    expect(memory).toMatch(/^rc-answers /)
  })

  test.each([
    ['https://ntfy.sh/my-topic', true],
    ['https://push.example.org/some/path/my-topic', true],
    ['https://ntfy.sh/', false],
    ['https://ntfy.sh', false],
    ['https://ntfy.sh/a topic', false],
    ['https://ntfy.sh/topic?auth=x', false],
    ['https://me:word@ntfy.sh/topic', false],
    ['ftp://ntfy.sh/topic', false],
  ])('its address %s is one: %s', (url, isOne) => {
    const set = () => createServices({ ntfy: { url } })
    if (isOne) expect(set()).toHaveLength(1)
    else expect(set).toThrow(/notifications|topic|URL/i)
  })
})
