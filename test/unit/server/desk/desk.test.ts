import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Desk } from '../../../../server/desk/desk.ts'
import { aDraft, createTestDesk, OTHER, SESSION } from '../asks.ts'

let world: ReturnType<typeof createTestDesk>
let desk: Desk

beforeEach(() => {
  world = createTestDesk()
  desk = world.desk
})
afterEach(() => world.remove())

const yes = { answer: 'allow' } as const
const refusal = (code: string) => expect.objectContaining({ code })
const never = new AbortController().signal

test('a restart ends what was asked in the container before, whoever presses a key in the new one', () => {
  const first = { ...SESSION, container: 'c1' }
  desk.keepOnly([first])
  const ask = desk.open(first, aDraft())
  desk.keepOnly([first])
  expect(desk.find(ask.id).state).toBe('pending')
  desk.keepOnly([{ ...SESSION, container: 'c2' }])
  expect(desk.find(ask.id)).toMatchObject({ state: 'superseded', because: 'session-ended' })
})

describe('opening', () => {
  test('a new ask is pushed once, with its link, and is pending', () => {
    const ask = desk.open(SESSION, aDraft())
    expect(ask.state).toBe('pending')
    expect(world.pushes).toEqual([expect.objectContaining({ ask: ask.id, url: desk.view(ask).url })])
  })

  test('the same hook trying again finds its own ask', () => {
    const draft = aDraft()
    expect(desk.open(SESSION, draft).id).toBe(desk.open(SESSION, draft).id)
    expect(world.pushes).toHaveLength(1)
  })

  test('another session with the same key gets an ask of its own', () => {
    const draft = aDraft()
    expect(desk.open(SESSION, draft).id).not.toBe(desk.open(OTHER, draft).id)
  })

  test('a session that opens question after question is stopped, and the others are not', () => {
    for (let i = 0; i < 50; i++) desk.open(SESSION, aDraft())
    expect(() => desk.open(SESSION, aDraft())).toThrow(refusal('too-many-asks'))
    expect(desk.open(OTHER, aDraft()).state).toBe('pending')
  })

  test("the rules are the host's own finding, whatever the draft says", () => {
    const draft = { ...aDraft(), rules: ['Bash(ls *)'] }
    expect(desk.open(SESSION, draft).rules).toEqual(['Bash(git push *)'])
  })

  test("a subagent's ask waits a shorter time, because its dialog is hidden meanwhile", () => {
    const ask = desk.open(SESSION, aDraft({ context: { claude_session: 'c1', cwd: '/', agent_id: 'a1' } }))
    expect(ask.deadline - ask.createdAt).toBe(60_000)
  })

  test('an ask ends before the hook that waits for it gives up', () => {
    const ask = desk.open(SESSION, aDraft({ client_wait_ms: 100_000 }))
    expect(ask.deadline - ask.createdAt).toBeLessThan(100_000)
  })
})

describe('answering', () => {
  test('the waiting hook gets the decision', async () => {
    const ask = desk.open(SESSION, aDraft())
    const outcome = desk.outcome(SESSION.id, ask.id, 25_000, never)
    await desk.answer(ask.id, { answer: 'deny', message: 'no' }, 'page')
    expect(await outcome).toEqual({ state: 'answered', decision: { behavior: 'deny', message: 'no' } })
  })

  test('the second answer is refused and told who was first', async () => {
    const ask = desk.open(SESSION, aDraft())
    await desk.answer(ask.id, yes, 'page')
    await expect(desk.answer(ask.id, { answer: 'deny' }, 'cli')).rejects.toMatchObject({
      code: 'already-ended',
      message: expect.stringMatching(/allow, by page/),
    })
    expect(desk.find(ask.id).answer).toEqual(yes)
  })

  test('an answer to something else than what is shown is refused, and the ask stays open', async () => {
    const ask = desk.open(SESSION, aDraft())
    await expect(desk.answer(ask.id, { ...yes, digest: 'f'.repeat(16) }, 'page')).rejects.toMatchObject({
      code: 'digest-mismatch',
    })
    expect(desk.find(ask.id).state).toBe('pending')
  })

  test('an answer that does not fit the question is refused, and the ask stays open', async () => {
    const ask = desk.open(SESSION, aDraft())
    await expect(desk.answer(ask.id, { answer: 'reply', message: 'hi' }, 'page')).rejects.toMatchObject({
      code: 'answer-does-not-fit',
    })
    expect(desk.find(ask.id).state).toBe('pending')
  })

  test('a question needs an answer to each of its questions', async () => {
    const input = { questions: [{ question: 'A?' }, { question: 'B?' }] }
    const ask = desk.open(SESSION, aDraft({ kind: 'question', tool: 'AskUserQuestion', input }))
    await expect(desk.answer(ask.id, { ...yes, choices: { 'A?': 'x' } }, 'page')).rejects.toMatchObject({
      code: 'answer-does-not-fit',
    })
    const done = await desk.answer(ask.id, { ...yes, choices: { 'A?': 'x', 'B?': 'y' } }, 'page')
    expect(done.decision).toEqual({ behavior: 'allow', choices: { 'A?': 'x', 'B?': 'y' } })
  })

  test('the result is unconfirmed until the hook says what it saw', async () => {
    const ask = desk.open(SESSION, aDraft())
    await desk.answer(ask.id, yes, 'page')
    world.advance(6_000)
    expect(desk.find(ask.id).result).toBe('unconfirmed')
    desk.hookSaw(SESSION.id, ask.id, { result: 'applied' })
    expect(desk.find(ask.id).result).toBe('applied')
  })
})

describe('"always"', () => {
  const always = { answer: 'always' } as const
  const push = (command: string) => aDraft({ input: { command } })

  test('lets the next call under the same rule pass without a push', async () => {
    await desk.answer(desk.open(SESSION, push('git push origin a')).id, always, 'page')
    const next = desk.open(SESSION, push('git push origin b'))
    expect(next).toMatchObject({
      state: 'answered',
      answeredBy: 'standing approval',
      decision: { behavior: 'allow' },
    })
    expect(world.pushes).toHaveLength(1)
  })

  test('does not cover a call that falls under another rule as well', async () => {
    await desk.answer(desk.open(SESSION, push('git push origin a')).id, always, 'page')
    expect(desk.open(SESSION, push('git push origin b --force')).state).toBe('pending')
    expect(desk.open(SESSION, push('git push origin b && npm publish x')).state).toBe('pending')
  })

  test('is for its own session only', async () => {
    await desk.answer(desk.open(SESSION, push('git push origin a')).id, always, 'page')
    expect(desk.open(OTHER, push('git push origin a')).state).toBe('pending')
  })

  test('ends with its session', async () => {
    await desk.answer(desk.open(SESSION, push('git push origin a')).id, always, 'page')
    desk.keepOnly([OTHER])
    expect(desk.open(SESSION, push('git push origin b')).state).toBe('pending')
  })

  test('without a rule it stands for exactly this call', async () => {
    await desk.answer(desk.open(SESSION, push('make deploy')).id, always, 'page')
    expect(desk.open(SESSION, push('make deploy')).state).toBe('answered')
    expect(desk.open(SESSION, push('make deploy all')).state).toBe('pending')
  })

  test("with a suggestion of Claude's it is echoed, and nothing stands at the desk", async () => {
    const suggestion = { type: 'setMode', mode: 'acceptEdits', destination: 'session' }
    const asked = desk.open(
      SESSION,
      aDraft({ tool: 'Write', input: { file_path: '/a' }, suggestions: [suggestion] }),
    )
    const done = await desk.answer(asked.id, always, 'page')
    expect(done.decision).toEqual({ behavior: 'allow', updated_permissions: [suggestion] })
    expect(desk.open(SESSION, aDraft({ tool: 'Write', input: { file_path: '/a' } })).state).toBe('pending')
  })
})

describe('ends without an answer', () => {
  test('at the deadline the hook is let go with no decision', async () => {
    const ask = desk.open(SESSION, aDraft())
    const outcome = desk.outcome(SESSION.id, ask.id, 10_000_000, never)
    world.advance(600_000)
    expect(await outcome).toEqual({ state: 'expired' })
  })

  test('on_timeout: deny says so to Claude', async () => {
    const strict = createTestDesk({
      approvals: { askMs: 1000, onTimeout: 'deny', subagentWaitMs: 1000, askRules: () => [] },
    })
    const ask = strict.desk.open(SESSION, aDraft())
    strict.advance(1000)
    expect(await strict.desk.outcome(SESSION.id, ask.id, 1, never)).toMatchObject({
      state: 'answered',
      decision: { behavior: 'deny', message: expect.stringMatching(/Nobody answered/) },
    })
    strict.remove()
  })

  test('a hook that stays away leaves its question to the keyboard, one that comes back every slice does not', async () => {
    const [away, present] = [desk.open(SESSION, aDraft()), desk.open(SESSION, aDraft())]
    for (let i = 0; i < 5; i++) {
      const slice = desk.outcome(SESSION.id, present.id, 25_000, never)
      world.advance(25_000)
      await slice
    }
    expect(desk.find(away.id)).toMatchObject({ state: 'pending', hookEnd: { how: 'lost' } })
    expect(desk.view(desk.find(present.id))).toMatchObject({ state: 'pending', hook_end: null })
  })

  test("a Claude of the user's own that ends ends only its own asks", () => {
    const site = createTestDesk({ isOurs: () => false })
    const [mine, theirs] = [site.desk.open(SESSION, aDraft()), site.desk.open(OTHER, aDraft())]
    site.desk.hear(SESSION, { v: 1, event: 'SessionEnd', context: { claude_session: 'c1', cwd: '/' } })
    expect(site.desk.find(mine.id)).toMatchObject({ state: 'superseded', because: 'session-ended' })
    expect(site.desk.find(theirs.id).state).toBe('pending')
    site.remove()
  })

  test('a box that says that it ends takes back no call, for nobody else has seen it end', () => {
    const call = desk.open(SESSION, aDraft())
    const idle = desk.open(
      SESSION,
      aDraft({ kind: 'reply', text: 'Done.', client_wait_ms: undefined as never }),
    )
    desk.hear(SESSION, { v: 1, event: 'SessionEnd', context: { claude_session: 'c1', cwd: '/' } })
    expect(desk.find(call.id).state).toBe('pending')
    expect(desk.find(idle.id)).toMatchObject({ state: 'superseded', because: 'ended-in-session' })
    desk.keepOnly([OTHER])
    expect(desk.find(call.id)).toMatchObject({ state: 'superseded', because: 'session-ended' })
  })

  test("another session's ask is as unknown as none at all", async () => {
    const ask = desk.open(SESSION, aDraft())
    await expect(desk.withdraw(OTHER.id, ask.id, 'hook-gone')).rejects.toMatchObject({ code: 'not-found' })
    expect(() => desk.hookSaw(OTHER.id, ask.id, { result: 'applied' })).toThrow(refusal('not-found'))
    await expect(desk.outcome(OTHER.id, ask.id, 1, never)).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('replies', () => {
  const idle = (text = 'Done. What next?') =>
    aDraft({ kind: 'reply', text, input: {}, client_wait_ms: undefined as never })
  const prompt = (text: string) => ({
    v: 1 as const,
    event: 'UserPromptSubmit' as const,
    context: { claude_session: 'c1', cwd: '/' },
    text,
  })

  test('a reply is typed, and applied when Claude reports the prompt', async () => {
    const ask = desk.open(SESSION, idle())
    await desk.answer(ask.id, { answer: 'reply', message: 'go on' }, 'page')
    expect(world.typed).toEqual(['go on'])
    desk.hear(SESSION, prompt('go on'))
    expect(desk.find(ask.id)).toMatchObject({ state: 'answered', result: 'applied' })
  })

  test('a prompt that Claude reports while we still type is recognised as ours', async () => {
    const ask = desk.open(SESSION, idle())
    world.pane.beforeAnswer = () => desk.hear(SESSION, prompt('go on'))
    await desk.answer(ask.id, { answer: 'reply', message: 'go on' }, 'page')
    expect(desk.find(ask.id)).toMatchObject({ state: 'answered', result: 'applied' })
  })

  test('what cannot be typed leaves the question open and says why', async () => {
    const ask = desk.open(SESSION, idle())
    world.pane.answer = { status: 'refused', code: 'draft', message: 'somebody is typing', remedy: '' }
    await expect(desk.answer(ask.id, { answer: 'reply', message: 'x' }, 'page')).rejects.toMatchObject({
      code: 'not-typed',
      message: expect.stringContaining('somebody is typing'),
    })
    expect(desk.find(ask.id).state).toBe('pending')
  })

  test('two replies at once type one text', async () => {
    const ask = desk.open(SESSION, idle())
    const both = await Promise.allSettled([
      desk.answer(ask.id, { answer: 'reply', message: 'one' }, 'page'),
      desk.answer(ask.id, { answer: 'reply', message: 'two' }, 'cli'),
    ])
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(world.typed).toEqual(['one'])
  })

  const typed = { attached: true, lastKeyAt: 1_000_000 }
  const task = '<task-notification>\n<task-id>b1</task-id>'
  test.each([
    ['a prompt that somebody typed just now', 'do it', typed, true, 'answered-at-keyboard'],
    ['one while nobody is attached', 'do it', { attached: false, lastKeyAt: 1_000_000 }, true, 'unknown'],
    ['one long after the last key', 'do it', { attached: true, lastKeyAt: 900_000 }, true, 'unknown'],
    ['one in a box whose pane cannot be seen', 'do it', null, true, 'unknown'],
    ["one of a Claude of the user's own", 'do it', null, false, 'ended-in-session'],
    [
      'one at its side while no key was pressed',
      'do it',
      { attached: false, lastKeyAt: null },
      false,
      'unknown',
    ],
    ["a background task's end, whoever types", task, typed, true, 'went-on'],
    ["a schedule's prompt, whoever types", 'look at CI', typed, false, 'went-on'],
  ])('%s makes the question moot, as it is: %5$s', async (_, text, keyboard, isOurs, because) => {
    const own = createTestDesk({ isOurs: () => isOurs })
    own.pane.keyboard = keyboard
    const ask = own.desk.open(SESSION, idle())
    const scheduled = own.desk.open(SESSION, { ...idle(), input: { schedules: ['look at CI'] } })
    expect(own.desk.find(ask.id)).toMatchObject({ because: 'newer' })
    own.desk.hear(SESSION, prompt(text))
    await vi.waitFor(() =>
      expect(own.desk.find(scheduled.id)).toMatchObject({ state: 'superseded', because }),
    )
    own.remove()
  })

  test('no reply is typed into a box while a call waits, whose dialog the prompt may hide', async () => {
    const ask = desk.open(SESSION, idle())
    const call = desk.open(SESSION, aDraft())
    const reply = { answer: 'reply', message: '1' } as const
    await expect(desk.answer(ask.id, reply, 'page')).rejects.toMatchObject({ code: 'call-waits' })
    await desk.withdraw(SESSION.id, call.id, 'answered-at-keyboard')
    await expect(desk.answer(ask.id, reply, 'page')).rejects.toMatchObject({ code: 'call-waits' })
    expect(world.typed).toEqual([])
  })

  test("a background agent's question, which shows no dialog, keeps nobody from replying to Claude", async () => {
    const ask = desk.open(SESSION, idle())
    desk.open(SESSION, aDraft({ context: { claude_session: 'c1', cwd: '/', agent_id: 'a1' } }))
    await desk.answer(ask.id, { answer: 'reply', message: 'go on' }, 'page')
    expect(world.typed).toEqual(['go on'])
  })

  test('the next idle moment takes the place of the one before', () => {
    const first = desk.open(SESSION, idle())
    const second = desk.open(SESSION, idle('And now?'))
    expect(desk.find(first.id)).toMatchObject({ state: 'superseded', because: 'newer' })
    expect(desk.find(second.id).state).toBe('pending')
  })
})

describe('after the responder was killed', () => {
  test('what was pending is pending, with the same link, and can be answered', async () => {
    const ask = desk.open(SESSION, aDraft())
    const url = desk.view(ask).url
    const again = world.reopen()
    expect(again.view(again.find(ask.id))).toMatchObject({ state: 'pending', url })
    const outcome = again.outcome(SESSION.id, ask.id, 25_000, never)
    await again.answer(ask.id, yes, 'page')
    expect(await outcome).toMatchObject({ state: 'answered' })
  })

  test('a decision that the hook never fetched is still there for it', async () => {
    const ask = desk.open(SESSION, aDraft())
    await desk.answer(ask.id, yes, 'page')
    expect(await world.reopen().outcome(SESSION.id, ask.id, 1, never)).toMatchObject({ state: 'answered' })
  })

  test('a used link is still used', async () => {
    const ask = desk.open(SESSION, aDraft())
    await desk.answer(ask.id, yes, 'page')
    await expect(world.reopen().answer(ask.id, { answer: 'deny' }, 'page')).rejects.toMatchObject({
      code: 'already-ended',
    })
  })

  test('an ask whose deadline passed meanwhile expires', () => {
    const ask = desk.open(SESSION, aDraft())
    desk.close()
    world.advance(700_000)
    const again = world.reopen()
    world.advance(1)
    expect(again.find(ask.id).state).toBe('expired')
  })
})
