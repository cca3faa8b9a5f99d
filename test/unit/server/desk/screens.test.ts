import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ScreenView } from '../../../../server/ports.ts'
import { askDraft, PROTOCOL_VERSION, type Signal } from '../../../../server/protocol.ts'
import { aDraft, createTestDesk, SESSION as session } from '../asks.ts'
import { phoneDoor } from '../phone/phone-door.ts'

const TRUST: ScreenView = {
  name: 'trust',
  question: 'Is this a project you trust?',
  options: [
    { key: '#1', label: 'No, exit' },
    { key: '#2', label: 'Yes, I trust this folder' },
  ],
  isCut: false,
  screen: ' Accessing workspace:\n ❯ No, exit\n   Yes, I trust this folder',
  digest: 'trust-1',
}
const PERMISSION: ScreenView = {
  ...TRUST,
  name: 'permission',
  question: 'Do you want to proceed?',
  digest: 'p-1',
}
const UNKNOWN: ScreenView = {
  name: null,
  question: '',
  options: [{ key: 'Enter', label: 'Enter' }],
  isCut: false,
  screen: 'Press Enter',
  digest: 'u-1',
}

let world: ReturnType<typeof createTestDesk>
beforeEach(() => {
  // A Claude of the user's own; the screens of a box have a part of their own below.
  world = createTestDesk({ isOurs: () => false })
  world.desk.keepOnly([session])
})
afterEach(() => {
  world.desk.close()
  world.remove()
})

const news = (event: Signal['event'], subject?: string): Signal => ({
  v: PROTOCOL_VERSION,
  event,
  context: { claude_session: 'c1', cwd: '/w/app' },
  ...(subject !== undefined && { subject }),
})
/** Time passes in steps, so that what is read in one can be looked at in the next. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    world.advance(500)
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
  }
}
const hear = (event: Signal['event'], subject?: string) => world.desk.hear(session, news(event, subject))
const dialogs = () => world.desk.pending().filter((ask) => ask.kind === 'dialog')
async function openTrust() {
  world.pane.screen = TRUST
  hear('Notification', 'permission_prompt')
  await pass(2_000)
  const [ask] = dialogs()
  if (ask === undefined) throw new Error('no dialog')
  return ask
}

describe('a screen is asked about', () => {
  test('when Claude says that it waits, in the words of the screen', async () => {
    const ask = await openTrust()
    expect(ask).toMatchObject({ kind: 'dialog', tool: null, input: TRUST, waits: false })
    expect(world.pushes).toHaveLength(1)
  })

  test('when a session that has just opened does not report its start', async () => {
    world.pane.screen = TRUST
    await pass(5_000)
    expect(dialogs()).toEqual([])
    await pass(4_000)
    expect(dialogs()).toHaveLength(1)
  })

  test('when a turn has failed', async () => {
    world.pane.screen = { ...TRUST, name: 'usage-limit' }
    hear('StopFailure')
    await pass(2_000)
    expect(dialogs()).toHaveLength(1)
  })

  test('when a person has it looked at, whatever it is', async () => {
    world.pane.screen = UNKNOWN
    expect(await world.desk.look(session.name)).toMatchObject({ kind: 'dialog', input: UNKNOWN })
    world.pane.screen = null
    expect(await world.desk.look(session.name)).toBeNull()
    await expect(world.desk.look('another')).rejects.toMatchObject({ code: 'no-such-session' })
  })

  test('but of a screen that nobody can read a person is told why, and not that it waits for no key', async () => {
    world.pane.screen = UNKNOWN
    world.pane.unread = 'The pane shows a text cursor.'
    await expect(world.desk.look(session.name)).rejects.toMatchObject({
      code: 'not-read',
      message: 'Nobody can tell whether the screen waits for a key: The pane shows a text cursor.',
    })
    expect(dialogs()).toEqual([])
  })

  test('but not before it has stayed a while', async () => {
    world.pane.screen = TRUST
    hear('Notification', 'permission_prompt')
    await pass(1_000)
    world.pane.screen = null
    await pass(5_000)
    expect(dialogs()).toEqual([])
  })

  const cut: ScreenView = { ...PERMISSION, name: null, isCut: true, digest: 'c-1' }
  const SCREENS = { permission: PERMISSION, trust: TRUST, unknown: UNKNOWN, 'cut off': cut }
  test.each(Object.entries(SCREENS))(
    'but not while a call waits, whose dialog may be under it: %s',
    async (_, screen) => {
      const call = world.desk.open(session, aDraft())
      world.pane.screen = screen
      const isQuiet = async () => {
        hear('Notification', 'permission_prompt')
        await pass(5_000)
        expect(dialogs()).toEqual([])
        await expect(world.desk.look(session.name)).rejects.toMatchObject({
          code: 'call-waits',
          message: expect.stringContaining(call.id),
        })
      }
      await isQuiet()
      // Nor after its hook was killed.
      await pass(90_000)
      expect(world.desk.find(call.id)).toMatchObject({ state: 'pending', hookEnd: { how: 'lost' } })
      await isQuiet()
      await world.desk.answer(call.id, { answer: 'deny', stop: true }, 'page')
      expect(await world.desk.look(session.name)).toMatchObject({ kind: 'dialog', state: 'pending' })
    },
  )

  test('and no longer, with no key pressed on it, once a call waits', async () => {
    const dialog = await openTrust()
    world.desk.open(session, aDraft())
    expect(world.desk.find(dialog.id)).toMatchObject({ state: 'superseded', because: 'newer' })
    await expect(world.desk.answer(dialog.id, { answer: 'press', key: '#2' }, 'page')).rejects.toMatchObject({
      code: 'already-ended',
    })
    expect(world.pressed).toEqual([])
  })

  test('while a deed at a door waits, for it has no dialog', async () => {
    const gone = new AbortController()
    void world.desk.judge(session, { kind: 'domain', host: 'a.test', port: 443, processes: [] }, gone.signal)
    expect(await openTrust()).toMatchObject({ input: TRUST })
    gone.abort()
  })

  test('but not an unknown one at the start, where much is shown before Claude', async () => {
    world.pane.screen = UNKNOWN
    await pass(60_000)
    expect(dialogs()).toEqual([])
  })

  test('but not at the start of a session that has reported it', async () => {
    hear('SessionStart')
    world.pane.screen = TRUST
    await pass(60_000)
    expect(dialogs()).toEqual([])
  })
})

describe('a session', () => {
  test('cannot open a dialog in words of its own', () => {
    expect(askDraft.safeParse({ ...aDraft(), kind: 'dialog' }).success).toBe(false)
  })

  test('cannot see, withdraw or settle one', async () => {
    const ask = await openTrust()
    await expect(world.desk.withdraw(session.id, ask.id, 'hook-gone')).rejects.toThrow('nothing here')
    expect(() => world.desk.hookSaw(session.id, ask.id, { result: 'applied' })).toThrow('nothing here')
    world.desk.hear(session, { ...news('SessionEnd'), context: { claude_session: '', cwd: '/' } })
    expect(dialogs()).toHaveLength(1)
  })

  test('that shows one screen after the other is not followed for ever', async () => {
    for (let count = 0; count < 200; count += 1) {
      world.pane.screen = { ...TRUST, digest: `trust-${count}` }
      hear('Notification', 'permission_prompt')
      await pass(5_000)
    }
    expect(world.pushes.length).toBeLessThanOrEqual(30)
  })

  test('that notifies without end does not keep its dialog from being seen', async () => {
    world.pane.screen = TRUST
    for (let count = 0; count < 40; count += 1) {
      hear('Notification', 'permission_prompt')
      await pass(500)
    }
    expect(world.pushes).toHaveLength(1)
  })
})

describe('an answer', () => {
  test('is pressed first and applied when the screen has gone', async () => {
    const ask = await openTrust()
    world.pane.beforeAnswer = () => expect(world.desk.find(ask.id).state).toBe('pending')
    const answered = await world.desk.answer(ask.id, { answer: 'press', key: '#2' }, 'page')
    expect(world.pressed).toEqual(['#2'])
    expect(answered).toMatchObject({ state: 'answered', result: 'applied', answeredBy: 'page' })
  })

  test('that was pressed in vain is told so, and may be pressed again', async () => {
    const ask = await openTrust()
    const press = () => world.desk.answer(ask.id, { answer: 'press', key: '#2' }, 'page')
    world.pane.press = { status: 'pressed', isGone: false }
    await expect(press()).rejects.toMatchObject({ code: 'not-taken' })
    expect(world.desk.find(ask.id).state).toBe('pending')
    world.pane.press = { status: 'pressed', isGone: true }
    expect(await press()).toMatchObject({ state: 'answered', result: 'applied' })
  })

  test('that could not be pressed leaves the question open', async () => {
    const ask = await openTrust()
    world.pane.press = {
      status: 'refused',
      code: 'screen-changed',
      message: 'It shows more.',
      remedy: 'Look.',
    }
    await expect(world.desk.answer(ask.id, { answer: 'press', key: '#2' }, 'page')).rejects.toMatchObject({
      code: 'not-pressed',
      message: expect.stringContaining('It shows more.'),
    })
    expect(world.desk.find(ask.id).state).toBe('pending')
  })

  test.each([
    { answer: 'press' as const, key: '#3' },
    { answer: 'press' as const },
    { answer: 'allow' as const },
    { answer: 'press' as const, key: 'C-c' },
  ])('%j presses nothing', async (given) => {
    const ask = await openTrust()
    await expect(world.desk.answer(ask.id, given, 'page')).rejects.toMatchObject({
      code: 'answer-does-not-fit',
    })
    expect(world.pressed).toEqual([])
  })

  test('given twice at once presses once', async () => {
    const ask = await openTrust()
    const both = await Promise.allSettled([
      world.desk.answer(ask.id, { answer: 'press', key: '#2' }, 'page'),
      world.desk.answer(ask.id, { answer: 'press', key: '#1' }, 'cli'),
    ])
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(world.pressed).toEqual(['#2'])
  })
})

describe('a screen that changes', () => {
  test('takes its question with it', async () => {
    const ask = await openTrust()
    world.pane.screen = null
    await pass(3_000)
    expect(world.desk.find(ask.id)).toMatchObject({ state: 'superseded', because: 'screen-changed' })
  })

  test('into another dialog is asked about anew', async () => {
    const ask = await openTrust()
    world.pane.screen = { ...TRUST, name: 'bypass', digest: 'bypass-1' }
    await pass(6_000)
    expect(dialogs()).toMatchObject([{ input: { name: 'bypass' } }])
    expect(dialogs()[0]?.id).not.toBe(ask.id)
  })

  test('is noticed by a responder that has just come back', async () => {
    const ask = await openTrust()
    world.desk.close()
    world.desk = world.reopen()
    world.desk.keepOnly([session])
    world.pane.screen = null
    await pass(3_000)
    expect(world.desk.find(ask.id).state).toBe('superseded')
  })
})

describe('in a box', () => {
  const cut: ScreenView = { ...PERMISSION, name: null, isCut: true, digest: 'c-1' }
  const named = (name: string): ScreenView => ({ ...TRUST, name, digest: name })
  const NAMES = ['permission', 'question', 'plan', 'form', 'auto', 'trust', 'bypass', 'api-key', 'mcp-server']
  const screens = [...NAMES, 'login', 'usage-limit', 'exit'].map((name) => [name, named(name)] as const)
  const ALL = [...screens, ['unknown', UNKNOWN], ['cut off', cut]] as const
  const KEYS = ['Enter', 'Up', 'Down', 'Left', 'Right', 'Tab', 'BTab', '#1', '#2', ...'123456789']

  beforeEach(() => {
    world.desk.close()
    world.remove()
    world = createTestDesk()
    world.desk.keepOnly([session])
  })

  test.each(ALL)('nothing but Esc is offered and taken, whatever the screen says: %s', async (_, screen) => {
    world.pane.screen = screen
    const ask = await world.desk.look(session.name)
    if (ask === null) throw new Error('no dialog')
    expect(ask.input['options']).toEqual([{ key: 'Escape', label: 'Esc' }])
    expect(ask.text).toContain('may have drawn this screen')
    for (const key of KEYS) {
      await expect(world.desk.answer(ask.id, { answer: 'press', key }, 'page')).rejects.toMatchObject({
        code: 'answer-does-not-fit',
      })
    }
    expect([world.pressed, world.escaped]).toEqual([[], []])
    await world.desk.answer(ask.id, { answer: 'press', key: 'Escape' }, 'page')
    expect([world.pressed, world.escaped]).toEqual([[], [session.id]])
  })

  test('not even Esc is pressed where the screen is another one by now', async () => {
    const ask = await openTrust()
    world.pane.screen = null
    await expect(world.desk.answer(ask.id, { answer: 'press', key: 'Escape' }, 'page')).rejects.toMatchObject(
      {
        code: 'not-pressed',
      },
    )
    expect(world.escaped).toEqual([])
  })

  test('the page says who may have drawn it, and has one button', async () => {
    const ask = await openTrust()
    const headers = { host: 'phone.test' }
    const page = await (await phoneDoor(world).request(world.desk.view(ask).url ?? '', { headers })).text()
    expect(page).toContain('A program of the session may have drawn this screen')
    expect(page.match(/value="press [^"]*"/g)).toEqual(['value="press Escape"'])
  })
})
