import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Desk } from '../../server/desk.ts'
import type { Answer } from '../../server/protocol.ts'
import { aDraft, createTestDesk, OTHER, SESSION } from './asks.ts'

let world: ReturnType<typeof createTestDesk>
let desk: Desk

beforeEach(() => {
  world = createTestDesk()
  desk = world.desk
})
afterEach(() => world.remove())

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
        what: 'calls that match Bash(git push *)',
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
