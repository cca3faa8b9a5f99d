import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DEFAULT_ASK } from '../../../../hooks/default-rules.ts'
import { alwaysOf } from '../../../../server/asks/always.ts'
import type { Desk } from '../../../../server/desk/desk.ts'
import type { Answer } from '../../../../server/protocol.ts'
import { aDraft, createTestDesk, OTHER, SESSION } from '../asks.ts'

let world: ReturnType<typeof createTestDesk>
let desk: Desk

beforeEach(() => {
  world = createTestDesk()
  desk = world.desk
})
afterEach(() => world.remove())

const TIMES = { askMs: 600_000, onTimeout: 'wait' as const, subagentWaitMs: 60_000 }
const approve = (given: Partial<Answer> = {}, change = {}) =>
  desk.answer(desk.open(SESSION, aDraft(change)).id, { answer: 'always', ...given }, 'page')
const byWhom = (session = SESSION, change = {}) => desk.open(session, aDraft(change)).answeredBy

describe('an approval in advance', () => {
  test('for some calls is used up by as many, and then it is asked again', async () => {
    await approve({ calls: 2 })
    expect([byWhom(), byWhom(), byWhom()]).toEqual(['standing approval', 'standing approval', null])
  })

  test('for some minutes ends when they are over', async () => {
    await approve({ minutes: 10 })
    world.advance(9 * 60_000)
    expect(byWhom()).toBe('standing approval')
    world.advance(60_001)
    expect(byWhom()).toBeNull()
  })

  test('is not one of another session', async () => {
    await approve()
    expect(byWhom(OTHER)).toBeNull()
  })

  test('of one rule does not let through what falls under another one as well', async () => {
    await approve()
    expect(byWhom()).toBe('standing approval')
    expect(byWhom(SESSION, { input: { command: 'git push origin main && npm publish x' } })).toBeNull()
    expect(desk.standing.list()).toMatchObject([{ used: 1 }])
  })

  test('without a rule is for exactly that call', async () => {
    await approve({}, { tool: 'Read', input: { file_path: '/a' } })
    expect(byWhom(SESSION, { tool: 'Read', input: { file_path: '/a' } })).toBe('standing approval')
    expect(byWhom(SESSION, { tool: 'Read', input: { file_path: '/b' } })).toBeNull()
  })

  test('the same hook that asks again uses none of it up', async () => {
    await approve({ calls: 1 })
    const draft = aDraft()
    expect([desk.open(SESSION, draft).id, desk.open(SESSION, draft).id]).toHaveLength(2)
    expect(desk.standing.list()).toEqual([])
    expect(desk.open(SESSION, draft).answeredBy).toBe('standing approval')
  })

  test('is listed in words, with what is left of it', async () => {
    const ask = await approve({ calls: 5 })
    byWhom()
    expect(desk.standing.list()).toEqual([
      {
        id: expect.any(Number),
        session: 'app',
        what: 'any plain command that matches Bash(git push *) and no other rule of this session',
        denies: false,
        from_ask: ask.id,
        since: expect.any(Number),
        until: null,
        calls_left: 4,
        used: 1,
      },
    ])
  })

  test('is gone at once when it is revoked, and a second time is refused', async () => {
    await approve()
    const [one] = desk.standing.list()
    desk.standing.revoke(one?.id ?? 0)
    expect(byWhom()).toBeNull()
    expect(() => desk.standing.revoke(one?.id ?? 0)).toThrow(/No standing approval has the number/)
  })

  test('survives a restart with its count', async () => {
    await approve({ calls: 2 })
    byWhom()
    desk = world.reopen()
    expect([byWhom(), byWhom()]).toEqual(['standing approval', null])
  })

  test('goes with its session', async () => {
    await approve()
    desk.keepOnly([OTHER])
    expect(desk.standing.list()).toEqual([])
  })
})

describe('what an approval in advance lets through', () => {
  const run = (command: string, more = {}) => ({ input: { command, ...more } })
  const labels = (change = {}) => alwaysOf(desk.view(desk.open(SESSION, aDraft(change))))[0]?.label
  const withRules = (...rules: string[]) => {
    world.remove()
    world = createTestDesk({ approvals: { ...TIMES, askRules: () => rules } })
    desk = world.desk
  }

  test('of several rules is what falls under all of them, and of none of them alone', async () => {
    withRules('Bash(git push *)', 'Bash(git push * --force*)')
    await approve({}, run('git push origin main --force'))
    expect(byWhom(SESSION, run('git push origin other --force'))).toBe('standing approval')
    expect(byWhom(SESSION, run('git push origin main'))).toBeNull()
    expect(desk.standing.list()).toMatchObject([
      {
        what: 'any plain command that matches Bash(git push * --force*) and Bash(git push *) and no other rule of this session',
      },
    ])
  })

  test('is one call where a rule was found by a mere word', async () => {
    withRules(...DEFAULT_ASK)
    const change = run('git push origin sudo-fix')
    expect(labels(change)).toBe('Yes to exactly this command in the same folder, until this session ends')
    await approve({}, change)
    expect(byWhom(SESSION, run('sudo rm -rf x'))).toBeNull()
    expect(byWhom(SESSION, run('git push origin main'))).toBeNull()
    expect(byWhom(SESSION, change)).toBe('standing approval')
  })

  test('is one call where the rules are about files', async () => {
    withRules(...DEFAULT_ASK)
    const read = (file_path: string) => ({ tool: 'Read', input: { file_path } })
    expect(labels(read('/home/u/.ssh/config'))).toBe(
      'Yes to exactly this call in the same folder, until this session ends',
    )
    await approve({}, read('/home/u/.ssh/config'))
    expect(byWhom(SESSION, read('/home/u/.aws/credentials'))).toBeNull()
    expect(byWhom(SESSION, read('/home/u/.ssh/config'))).toBe('standing approval')
  })

  test.each([
    'git push x && make deploy prod',
    'git push $(make deploy prod)',
    'make deploy prod\ngit push x',
  ])('is not %j when a plain push was approved, whatever rules are known', async (command) => {
    await approve()
    expect(byWhom(SESSION, run('git push x'))).toBe('standing approval')
    expect(byWhom(SESSION, run(command))).toBeNull()
  })

  test('is only one call in a session whose rules nobody knows, and in one of other rules it is nothing', async () => {
    let rules: string[] | null = ['Bash(git push *)']
    world.remove()
    world = createTestDesk({ approvals: { ...TIMES, askRules: () => rules } })
    desk = world.desk
    await approve()
    expect(byWhom()).toBe('standing approval')
    rules = ['Bash(git push *)', 'Bash(git * main)']
    expect(byWhom()).toBeNull()
    rules = null
    expect(byWhom()).toBeNull()
    expect(labels()).toBe('Yes to exactly this command in the same folder, until this session ends')
    await approve()
    expect(byWhom()).toBe('standing approval')
    expect(byWhom(SESSION, run('git push origin other'))).toBeNull()
  })

  test('of one command is it in that folder, whatever the agent says of it', async () => {
    await approve({}, run('make deploy', { description: 'Deploy' }))
    expect(byWhom(SESSION, run('make deploy', { description: 'Deploy again' }))).toBe('standing approval')
    const context = { claude_session: 'c1', cwd: '/w/app/prod' }
    expect(byWhom(SESSION, { ...run('make deploy'), context })).toBeNull()
    expect(desk.standing.list()).toMatchObject([{ what: 'exactly make deploy in /w/app' }])
  })

  test('is nothing more when it is from before rules were remembered together', async () => {
    await approve()
    desk.close()
    const db = new DatabaseSync(join(world.stateDir, 'responder.db'))
    db.exec("UPDATE standing SET what = 'rule:Bash(git push *)'; PRAGMA user_version = 4")
    db.exec('DROP TABLE budgets; ALTER TABLE asks DROP COLUMN kind; DROP TABLE mood')
    db.exec(
      'DROP INDEX pushes_by_ref; DROP TABLE push_memories; DROP TABLE devices; DROP TABLE subscriptions',
    )
    for (const column of ['step', 'because', 'ending', 'tapped_at', 'code'])
      db.exec(`ALTER TABLE pushes DROP COLUMN ${column}`)
    db.close()
    desk = world.reopen()
    expect(desk.standing.list()).toEqual([])
    expect(byWhom()).toBeNull()
  })
})

describe('the audit', () => {
  const events = () => desk.auditAfter(0).map(({ event }) => event)

  test('has every step of an ask, with who answered and after how long', async () => {
    const ask = desk.open(SESSION, aDraft())
    desk.shown(ask, 'page')
    world.advance(4_000)
    await desk.answer(ask.id, { answer: 'deny', message: 'no', digest: ask.digest }, 'page')
    desk.hookSaw(SESSION.id, ask.id, { result: 'applied' })
    const entries = desk.auditAfter(0).filter(({ event }) => event !== 'pushed')
    expect(entries).toMatchObject([
      {
        event: 'asked',
        session: 'app',
        ask: ask.id,
        kind: 'permission',
        tool: 'Bash',
        what: 'git push origin main',
      },
      { event: 'shown', by: 'page' },
      { event: 'answered', by: 'page', answer: 'deny', message: 'no', latency: 4_000 },
      { event: 'result', result: 'applied', reason: null, latency: 0 },
    ])
  })

  test('notes that a page was seen once, and not at all when it is over', async () => {
    const ask = desk.open(SESSION, aDraft())
    desk.shown(ask, 'page')
    desk.shown(ask, 'page')
    expect(events().filter((event) => event === 'shown')).toHaveLength(1)
  })

  test('has what was refused, and why', async () => {
    const ask = desk.open(SESSION, aDraft())
    await expect(desk.answer(ask.id, { answer: 'allow', digest: 'other' }, 'page')).rejects.toThrow()
    await desk.answer(ask.id, { answer: 'allow' }, 'cli')
    await expect(desk.answer(ask.id, { answer: 'deny' }, 'page')).rejects.toThrow()
    expect(desk.auditAfter(0).filter(({ event }) => event === 'refused')).toMatchObject([
      { by: 'page', code: 'digest-mismatch' },
      { by: 'page', code: 'already-ended' },
    ])
  })

  test('has every approval, use and revocation', async () => {
    await approve({ calls: 3 })
    byWhom()
    desk.standing.revoke(desk.standing.list()[0]?.id ?? 0)
    expect(events()).toEqual(expect.arrayContaining(['approved', 'used', 'revoked']))
  })

  test('holds no secret, no link, and not the whole of a long input', async () => {
    const secret = `sk-ant-${'a'.repeat(40)}`
    const ask = desk.open(SESSION, aDraft({ input: { command: `${'x'.repeat(2_000)} git push ${secret}` } }))
    const text = JSON.stringify(desk.auditAfter(0))
    expect(text).not.toContain(secret)
    expect(text).not.toContain(desk.view(ask).url?.split('/a/')[1])
    expect(text.length).toBeLessThan(1_500)
  })

  test('cannot be rewritten, nor shortened but by age', () => {
    const db = new DatabaseSync(join(world.stateDir, 'responder.db'))
    const add = db.prepare("INSERT INTO audit VALUES (?, 'asked', 's', NULL, 'null')")
    add.run(Date.now())
    add.run(Date.now() - 40 * 24 * 60 * 60_000)
    expect(() => db.exec("UPDATE audit SET event = 'answered'")).toThrow(/only ever added to/)
    expect(() => db.exec('DELETE FROM audit')).toThrow(/only ever added to/)
    expect(db.prepare('DELETE FROM audit WHERE at < ?').run(Date.now() - 30 * 24 * 60 * 60_000).changes).toBe(
      1,
    )
    db.close()
  })

  test('gives what is behind an entry, and nothing before it', () => {
    desk.open(SESSION, aDraft())
    const [first] = desk.auditAfter(0)
    desk.open(SESSION, aDraft())
    expect(desk.auditAfter(first?.number ?? 0).every(({ number }) => number > (first?.number ?? 0))).toBe(
      true,
    )
  })
})
