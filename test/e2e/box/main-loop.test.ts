import { existsSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorld, until, type World } from '../world.ts'

const push = (branch: string) => ({ name: 'Bash', input: { command: `git push -q origin HEAD:${branch}` } })
const scripts = {
  'push-once': [{ tools: [push('main')] }, { text: 'Pushed.' }],
  'push-twice': [{ tools: [push('one')] }, { tools: [push('two')] }, { text: 'Pushed both.' }],
  'push-thrice': [
    { tools: [push('one')] },
    { tools: [push('two')] },
    { tools: [{ name: 'Bash', input: { command: 'git push -q origin HEAD:three && touch done' } }] },
    { text: 'Pushed.' },
  ],
  'say-hello': [{ text: 'Hello. What next?' }],
}

describe('one session, one question', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld({ scripts })
  })
  afterAll(() => world.destroy())

  test('an ask reaches Pushover, a tap on Yes lets the tool run, and a second tap is told who was first', async () => {
    const dir = await world.project('allow me')
    await world.must('start', dir, '--no-attach', '-p', 'push-once')
    const ask = await world.ask({ session: 'allow-me', state: 'pending' })
    expect(ask).toMatchObject({ kind: 'permission', tool: 'Bash' })
    expect(ask.rules).toContain('Bash(git push *)')
    const pushed = await until('a push', async () => world.pushover.pushes.find((one) => one.url === ask.url))
    expect(pushed.title).toContain('allow-me')
    expect(pushed.message).toContain('git push -q origin HEAD:main')
    expect(await world.pushed(dir)).toBeNull()

    expect((await world.tap(ask.url ?? '', { answer: 'allow' })).status).toBeLessThan(400)
    await until('the push to arrive', () => world.pushed(dir))
    await world.ask({ id: ask.id, state: 'answered', answered_by: 'page', result: 'applied' })
    const late = await world.tap(ask.url ?? '', { answer: 'deny' })
    expect(late.status).toBe(409)
    expect(await late.text()).toContain('page')
  })

  test('a denied call does not run, and Claude gets the words verbatim', async () => {
    const dir = await world.project('deny')
    const words = 'No "pushes" today, use a branch; see §4 — thanks 🙏'
    await world.must('start', dir, '--no-attach', '-p', 'push-once')
    const ask = await world.ask({ session: 'deny', state: 'pending' })
    await world.tap(ask.url ?? '', { answer: 'deny', message: words })
    await until('the words in the request to the model', async () =>
      world.model
        .toolResults()
        .some((one) => JSON.stringify(one).includes(JSON.stringify(words).slice(1, -1))),
    )
    expect(await world.pushed(dir)).toBeNull()
  })

  test('after Always the same rule is not asked again in that session', async () => {
    const dir = await world.project('always')
    await world.must('start', dir, '--no-attach', '-p', 'push-twice')
    const ask = await world.ask({ session: 'always', state: 'pending' })
    await world.tap(ask.url ?? '', { answer: 'always' })
    await until('the second push', () => world.pushed(dir, 'two'))
    const second = (await world.asks()).filter(
      (one) => one.session === 'always' && one.id !== ask.id && one.kind === 'permission',
    )
    expect(second.map((one) => one.answered_by)).toEqual(['standing approval'])
    expect(
      world.pushover.pushes.filter(
        (one) => one.title?.includes('always') && one.message.includes('HEAD:two'),
      ),
    ).toEqual([])
  })

  test("after Always a command that falls under a rule of the project's as well is asked", async () => {
    const dir = await world.project('project rule')
    await writeFile(
      join(dir, '.remote-claude.yaml'),
      'approvals: { ask: ["Bash(git * HEAD:two)", "Bash(touch *)"] }\n',
    )
    await world.must('start', dir, '--no-attach', '-p', 'push-thrice')
    const first = await world.ask({ session: 'project-rule', state: 'pending' })
    await world.tap(first.url ?? '', { answer: 'always' })
    await until('the first push', () => world.pushed(dir, 'one'))
    const second = await world.ask({ session: 'project-rule', state: 'pending' })
    expect(second.rules).toEqual(['Bash(git push *)', 'Bash(git * HEAD:two)'])
    await world.tap(second.url ?? '', { answer: 'allow' })
    await until('the second push', () => world.pushed(dir, 'two'))
    const third = await world.ask({ session: 'project-rule', state: 'pending' })
    expect(third.rules).toContain('Bash(touch *)')
    expect(await world.pushed(dir, 'three')).toBeNull()
    expect(await world.must('asks', '--standing')).toContain(
      'any plain command that matches Bash(git push *) and no other rule of this session',
    )
  })

  test('the keyboard answers first: the ask is superseded and the late tap gets 409', async () => {
    const dir = await world.project('keyboard')
    await world.must('start', dir, '--no-attach', '-p', 'push-once')
    const ask = await world.ask({ session: 'keyboard', state: 'pending' })
    await world.screenShows('keyboard', /Do you want to proceed/)
    await (await world.sitDown('keyboard')).answer('1')
    await until('the push to arrive', () => world.pushed(dir))
    await world.ask({ id: ask.id, state: 'superseded', because: 'answered-at-keyboard' })
    const late = await world.tap(ask.url ?? '', { answer: 'deny' })
    expect(late.status).toBe(409)
    expect(await late.text()).toContain('keyboard')
  })

  test('two sessions ask at once, and each answer reaches its own', async () => {
    const [left, right] = [await world.project('left'), await world.project('right')]
    await world.must('start', left, right, '-p', 'push-once')
    const [askLeft, askRight] = await Promise.all([
      world.ask({ session: 'left', state: 'pending' }),
      world.ask({ session: 'right', state: 'pending' }),
    ])
    await world.must('answer', askRight.id, 'deny', '-m', 'not you')
    await world.must('answer', askLeft.id, 'allow')
    await until('the left push', () => world.pushed(left))
    await world.ask({ id: askRight.id, state: 'answered', result: 'applied' })
    expect(await world.pushed(right)).toBeNull()
  })

  test('an idle Claude is answered by a reply of several lines, typed literally', async () => {
    const dir = await world.project('idle')
    const reply =
      'first "line" with \'quotes\' $HOME `tick`\n!not a shell\n/not a command ✅🎉\nlast \\n line;'
    await world.must('start', dir, '--no-attach', '-p', 'say-hello')
    const ask = await world.ask({ session: 'idle', kind: 'reply', state: 'pending' })
    expect(ask.text).toBe('Hello. What next?')
    await world.must('answer', ask.id, 'reply', '-m', reply)
    await until(
      'the reply in the request to the model',
      async () => JSON.stringify(world.model.requests).includes(JSON.stringify(reply).slice(1, -1)),
      async () =>
        `${await world.screen('idle')}\n${JSON.stringify(world.model.requests.at(-1)?.messages?.slice(-3))}`,
    )
    await world.ask({ id: ask.id, state: 'answered', result: 'applied' })
  })

  test('killed sessions leave no container, tmux session, socket or folder behind', async () => {
    await world.must('kill', '--all', '-f')
    expect(JSON.parse(await world.must('list', '-a', '--json'))).toEqual([])
    const names = (await execa('docker', ['ps', '-a', '--format', '{{.Label "remote-claude.workspace"}}']))
      .stdout
    expect(names).not.toContain(world.home)
    expect(await world.tmux('list-sessions', '-F', '#{session_name}')).toBe('')
    const sessions = join(world.home, '.local/state/remote-claude/sessions')
    expect(existsSync(sessions) ? await readdir(sessions) : []).toEqual([])
  })
})

describe('when nobody answers', () => {
  test('the dialog stays after the deadline and the keyboard still decides', async () => {
    const world = await createWorld({ scripts, config: { approvals: { timeout: 4 } } })
    try {
      const dir = await world.project('late')
      await world.must('start', dir, '--no-attach', '-p', 'push-once')
      const ask = await world.ask({ session: 'late' })
      await world.ask({ id: ask.id, state: 'expired' })
      expect((await world.tap(ask.url ?? '', { answer: 'allow' })).status).toBe(409)
      await world.screenShows('late', /Do you want to proceed/)
      expect(await world.pushed(dir)).toBeNull()
      await world.answer('late', '1')
      await until('the push to arrive', () => world.pushed(dir))
    } finally {
      await world.destroy()
    }
  })
})

describe('when the responder dies', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld({ scripts })
  })
  afterAll(() => world.destroy())

  test('kill -9 while a hook waits: the same ask is pending afterwards and the answer reaches Claude', async () => {
    const dir = await world.project('phoenix')
    await world.must('start', dir, '--no-attach', '-p', 'push-once')
    const ask = await world.ask({ session: 'phoenix', state: 'pending' })
    process.kill(await world.responderPid(), 'SIGKILL')
    await world.must('server', 'start')
    const again = await world.ask({ id: ask.id, state: 'pending' })
    await world.tap(again.url ?? '', { answer: 'allow' })
    await until('the push to arrive', () => world.pushed(dir))

    process.kill(await world.responderPid(), 'SIGKILL')
    await world.must('server', 'start')
    const used = await world.ask({ id: ask.id, state: 'answered' })
    const late = await world.tap(used.url ?? '', { answer: 'deny' })
    expect(late.status).toBe(409)
  })

  test('with no responder at all the dialog still takes an answer from the keyboard', async () => {
    const dir = await world.project('alone')
    await world.must('start', dir, '--no-attach', '-p', 'push-once')
    await world.ask({ session: 'alone', state: 'pending' })
    await world.screenShows('alone', /Do you want to proceed/)
    await world.must('server', 'stop')
    await world.answer('alone', '1')
    await until('the push to arrive', () => world.pushed(dir))
  })
})
