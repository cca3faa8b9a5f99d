/** Questions whose hook has ended without a decision: they stay, with No as the only word from afar. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Ask } from '../../../../server/asks/ask.ts'
import { aDraft, createTestDesk, OTHER, SESSION } from '../asks.ts'
import { phoneDoor } from '../phone/phone-door.ts'

let world: ReturnType<typeof createTestDesk>
let ask: Ask
const never = new AbortController().signal
const yes = { answer: 'allow' } as const
const no = { answer: 'deny' } as const
const now = () => world.desk.find(ask.id)

/** Time passes in steps, so that what is looked at in one counts in the next. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1_000) {
    world.advance(1_000)
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
  }
}
const page = async () => {
  const response = await phoneDoor(world).request(world.desk.view(now()).url ?? '', {
    headers: { host: 'phone.test' },
  })
  return (await response.text()).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
}

beforeEach(async () => {
  world = createTestDesk()
  world.pane.keyboard = { attached: false, lastKeyAt: null }
  ask = world.desk.open(SESSION, aDraft())
  await world.desk.withdraw(SESSION.id, ask.id, 'answered-at-keyboard')
})
afterEach(() => world.remove())

describe('it stays', () => {
  test('with what the hook had asked, when the hook says that the keyboard answered and nobody was there', async () => {
    expect(now()).toMatchObject({ state: 'pending', input: ask.input, hookEnd: { how: 'claimed' } })
    expect(await page()).toContain('nobody has pressed a key in its pane')
    expect(world.desk.auditAfter(0)).toContainEqual(
      expect.objectContaining({ event: 'hook-ended', how: 'claimed' }),
    )
  })

  test('ten seconds after a hook was killed, whose connection broke', async () => {
    const killed = world.desk.open(SESSION, aDraft({ input: { command: 'git push origin b' } }))
    const cut = new AbortController()
    const waiting = world.desk.outcome(SESSION.id, killed.id, 25_000, cut.signal)
    cut.abort()
    await waiting
    world.advance(9_000)
    expect(world.desk.view(world.desk.find(killed.id)).hook_end).toBeNull()
    world.advance(2_000)
    expect(world.desk.view(world.desk.find(killed.id))).toMatchObject({ state: 'pending', hook_end: 'lost' })
  })

  test('over a death of the responder', () => {
    const again = world.reopen()
    expect(again.view(again.find(ask.id))).toMatchObject({ state: 'pending', hook_end: 'claimed' })
  })

  test('until its time is over, and is not denied then: nobody would hear it', () => {
    world.remove()
    world = createTestDesk({
      approvals: { askMs: 600_000, onTimeout: 'deny', subagentWaitMs: 60_000, askRules: () => [] },
    })
    ask = world.desk.open(SESSION, aDraft())
    world.advance(90_000)
    expect(now().hookEnd).toMatchObject({ how: 'lost' })
    world.advance(600_000)
    expect(now()).toMatchObject({ state: 'expired', decision: null })
  })

  test('whatever the session says next', async () => {
    const context = { claude_session: 'c1', cwd: '/' }
    world.desk.hear(SESSION, { v: 1, event: 'SessionEnd', context })
    world.desk.hear(SESSION, { v: 1, event: 'UserPromptSubmit', context, text: 'go on' })
    world.desk.open(SESSION, aDraft({ kind: 'reply', text: 'Done.', client_wait_ms: undefined as never }))
    for (const claim of ['stopped', 'claude-ended', 'let-go', 'hook-gone'] as const)
      await world.desk.withdraw(SESSION.id, ask.id, claim)
    await pass(60_000)
    expect(now()).toMatchObject({ state: 'pending', hookEnd: { how: 'claimed' } })
  })
})

describe('it can be answered', () => {
  test.each([yes, { answer: 'always' } as const])('by no Yes (%j), and is told why', async (given) => {
    await expect(world.desk.answer(ask.id, given, 'page')).rejects.toMatchObject({
      code: 'keyboard-only',
      remedy: expect.stringContaining('rc attach'),
    })
    expect(now().state).toBe('pending')
    expect([world.escaped, world.pressed, world.typed]).toEqual([[], [], []])
  })

  test('by No: Esc is pressed, and Claude is told to ask once more', async () => {
    world.pane.beforeAnswer = () => {
      if (world.escaped.length === 0) expect(now().state).toBe('pending')
    }
    await world.desk.answer(ask.id, no, 'page')
    expect(world.escaped).toEqual([SESSION.id])
    expect(now()).toMatchObject({ state: 'answered', answer: no, answeredBy: 'page', result: 'applied' })
    await vi.waitFor(() => expect(world.typed).toEqual([expect.stringMatching(/git push.*call it again/)]))
    expect(world.pressed).toEqual([])
  })

  test("by No with a person's own words, which are typed instead", async () => {
    await world.desk.answer(ask.id, { ...no, message: 'use a branch' }, 'cli')
    await vi.waitFor(() => expect(world.typed).toEqual(['use a branch']))
  })

  test('by No that stops Claude: then nothing is typed', async () => {
    await world.desk.answer(ask.id, { ...no, stop: true }, 'page')
    await pass(2_000)
    expect([world.escaped, world.typed]).toEqual([[SESSION.id], []])
  })

  test('by no No that could not be pressed', async () => {
    world.pane.press = { status: 'refused', code: 'no-pane', message: 'It has no pane.', remedy: '' }
    await expect(world.desk.answer(ask.id, no, 'page')).rejects.toMatchObject({
      code: 'not-pressed',
      message: expect.stringContaining('It has no pane.'),
    })
    expect(now().state).toBe('pending')
  })

  test('once', async () => {
    const both = await Promise.allSettled([
      world.desk.answer(ask.id, no, 'page'),
      world.desk.answer(ask.id, no, 'cli'),
    ])
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(world.escaped).toHaveLength(1)
  })

  test('as before, when its hook waits once more', async () => {
    const outcome = world.desk.outcome(SESSION.id, ask.id, 25_000, never)
    expect(world.desk.view(now()).hook_end).toBeNull()
    await world.desk.answer(ask.id, yes, 'page')
    expect(await outcome).toMatchObject({ state: 'answered' })
    expect(world.escaped).toEqual([])
  })

  test('and its page offers no Yes', async () => {
    const shown = await page()
    expect(shown).toContain('No, and stop Claude')
    expect(shown).not.toMatch(/ Yes (?!from here)|Always/)
  })
})

describe('it leaves the desk', () => {
  const typed = (at: number) => ({ attached: true, lastKeyAt: at })

  test('when a key was pressed since then, and no screen waits for one', async () => {
    await pass(3_000)
    world.pane.keyboard = typed(1_003_000)
    await pass(3_000)
    expect(now()).toMatchObject({ state: 'superseded', because: 'answered-at-keyboard' })
  })

  test('but not while nobody can tell what the screen waits for', async () => {
    world.pane.unread = 'The pane shows a text cursor.'
    await pass(3_000)
    world.pane.keyboard = typed(1_003_000)
    await pass(6_000)
    expect(now().state).toBe('pending')
    world.pane.unread = null
    await pass(3_000)
    expect(now()).toMatchObject({ state: 'superseded', because: 'answered-at-keyboard' })
  })

  test('but not as long as a screen waits for a key, and not for a key of before', async () => {
    world.pane.screen = {
      name: 'permission',
      question: '',
      options: [],
      isCut: false,
      screen: 'x',
      digest: 'p',
    }
    world.pane.keyboard = typed(1_003_000)
    await pass(8_000)
    expect(now().state).toBe('pending')
    world.pane.screen = null
    world.pane.keyboard = typed(990_000)
    await pass(8_000)
    expect(now().state).toBe('pending')
  })

  test('when a newer hook asks for the same call, and not for another one or in another session', () => {
    world.desk.open(OTHER, aDraft())
    world.desk.open(SESSION, aDraft({ input: { command: 'git push origin other' } }))
    expect(now().state).toBe('pending')
    world.desk.open(SESSION, aDraft())
    expect(now()).toMatchObject({ state: 'superseded', because: 'newer' })
  })

  test('when the host says that the session has ended', () => {
    world.desk.keepOnly([OTHER])
    expect(now()).toMatchObject({ state: 'superseded', because: 'session-ended' })
  })

  test("when a Claude of the user's own has ended its turn", async () => {
    world.remove()
    world = createTestDesk({ isOurs: () => false })
    ask = world.desk.open(SESSION, aDraft())
    world.advance(90_000)
    expect(now()).toMatchObject({ state: 'pending', hookEnd: { how: 'lost' } })
    world.desk.open(SESSION, aDraft({ kind: 'reply', text: 'Done.', client_wait_ms: undefined as never }))
    expect(now()).toMatchObject({ state: 'superseded', because: 'ended-in-session' })
  })
})

test('the other questions of a session that was interrupted from here are told as that', async () => {
  const other = world.desk.open(SESSION, aDraft({ input: { command: 'git push origin other' } }))
  await world.desk.answer(ask.id, no, 'page')
  await world.desk.withdraw(SESSION.id, other.id, 'stopped')
  expect(world.desk.find(other.id)).toMatchObject({ state: 'superseded', because: 'interrupted' })
})

test('what a box says of an answer is told as its word', async () => {
  const asked = world.desk.open(SESSION, aDraft({ input: { command: 'git push origin other' } }))
  await world.desk.answer(asked.id, yes, 'page')
  world.desk.hookSaw(SESSION.id, asked.id, { result: 'not-applied', reason: 'answered at the keyboard' })
  expect(world.desk.find(asked.id).resultReason).toBe('the session says: answered at the keyboard')
})
