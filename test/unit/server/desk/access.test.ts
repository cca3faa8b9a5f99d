/** What our doors ask a person, and for how long an answer stands. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DomainDeed, KeyDeed } from '../../../../server/ports.ts'
import type { Answer } from '../../../../server/protocol.ts'
import { aDraft, createTestDesk, OTHER, SESSION } from '../asks.ts'

const HOST: DomainDeed = { kind: 'domain', host: 'example.org', port: 443, processes: [] }
const LOGIN: KeyDeed = {
  kind: 'key',
  name: 'laptop',
  fingerprint: 'SHA256:abc',
  purpose: 'login',
  hosts: ['git.example.org'],
  host_key: 'SHA256:git',
  user: 'git',
  namespace: null,
}

let world: ReturnType<typeof createTestDesk>
let kept: string[]
const never = new AbortController().signal

beforeEach(() => {
  kept = []
  world = createTestDesk({
    allowForGood: async (host) => {
      kept.push(host)
    },
  })
})
afterEach(() => {
  world.desk.close()
  world.remove()
})

const judge = (deed: DomainDeed | KeyDeed = HOST, session = SESSION, gone = never) =>
  world.desk.judge(session, deed, gone)

async function answerAll(given: Answer): Promise<void> {
  for (const ask of world.desk.pending()) await world.desk.answer(ask.id, given, 'cli')
}

/** Settled within a few turns of the event loop, or still waiting. */
async function isWaiting(verdict: Promise<unknown>): Promise<boolean> {
  const later = new Promise<'waiting'>((resolve) => setTimeout(() => resolve('waiting'), 20))
  return (await Promise.race([verdict, later])) === 'waiting'
}

describe('a host that is not listed', () => {
  test('is held until a person says yes, and the phone is told', async () => {
    const verdict = judge()
    expect(await isWaiting(verdict)).toBe(true)
    expect(world.pushes[0]).toMatchObject({ title: 'app: wants to reach a host', priority: 'high' })
    expect(world.pushes[0]?.message).toBe('Connect to example.org on port 443.')
    await answerAll({ answer: 'allow' })
    expect(await verdict).toEqual({ allowed: true, reason: 'you approved it' })
    expect(world.desk.list({ all: true }).at(-1)).toMatchObject({
      kind: 'domain',
      state: 'answered',
      result: 'applied',
    })
  })

  test('is asked about again after a yes for once', async () => {
    const first = judge()
    await answerAll({ answer: 'allow', for: 'once' })
    await first
    expect(await isWaiting(judge())).toBe(true)
  })

  test('is not asked about again after a yes for the session, even by a new responder', async () => {
    const first = judge()
    await answerAll({ answer: 'allow', for: 'session' })
    await first
    expect((await judge()).allowed).toBe(true)
    world.desk.close()
    const after = world.reopen()
    expect((await after.judge(SESSION, HOST, never)).allowed).toBe(true)
    after.close()
  })

  test('stands approved for that port and that session only', async () => {
    const first = judge()
    await answerAll({ answer: 'allow', for: 'session' })
    await first
    expect(await isWaiting(judge({ ...HOST, port: 80 }))).toBe(true)
    expect(await isWaiting(judge({ ...HOST, host: 'www.example.org' }))).toBe(true)
    expect(await isWaiting(judge(HOST, OTHER))).toBe(true)
  })

  test('goes into the configuration after Always, and nothing else does', async () => {
    for (const lasting of ['once', 'session', 'always'] as const) {
      const host = { ...HOST, host: `${lasting}.example.org` }
      const verdict = judge(host)
      await answerAll({ answer: 'allow', for: lasting })
      expect((await verdict).allowed).toBe(true)
    }
    expect(kept).toEqual(['always.example.org'])
  })

  test('cannot be allowed for good on an odd port, which would open private addresses', async () => {
    void judge({ ...HOST, port: 8443 })
    await expect(answerAll({ answer: 'allow', for: 'always' })).rejects.toThrow('once, session')
    expect(world.desk.pending()).toHaveLength(1)
    expect(kept).toEqual([])
  })

  test('stays refused for ten minutes after a no, and is asked about then', async () => {
    const first = judge()
    await answerAll({ answer: 'deny' })
    expect(await first).toEqual({ allowed: false, reason: 'you said no' })
    expect((await judge()).allowed).toBe(false)
    expect(world.desk.pending()).toHaveLength(0)
    world.advance(10 * 60_000 + 1)
    expect(await isWaiting(judge())).toBe(true)
  })

  test('is one question however many connections wait, and all of them hear the answer', async () => {
    const all = [judge(), judge(), judge()]
    await isWaiting(all[0] as Promise<unknown>)
    expect(world.desk.pending()).toHaveLength(1)
    await answerAll({ answer: 'allow' })
    expect((await Promise.all(all)).every(({ allowed }) => allowed)).toBe(true)
  })

  test('is refused unasked when the session has too many questions open', async () => {
    const many = Array.from({ length: 9 }, (_, at) => judge({ ...HOST, host: `h${at}.example.org` }))
    expect(await many[8]).toMatchObject({ allowed: false })
    expect(world.desk.pending()).toHaveLength(8)
  })

  test('is refused when nobody answers in time', async () => {
    const verdict = judge()
    world.advance(600_001)
    expect(await verdict).toEqual({ allowed: false, reason: 'nobody answered' })
  })

  test('can still be answered for the session after the program gave up', async () => {
    const gone = new AbortController()
    const verdict = judge(HOST, SESSION, gone.signal)
    gone.abort()
    expect((await verdict).allowed).toBe(false)
    world.advance(120_000)
    await answerAll({ answer: 'allow', for: 'session' })
    expect((await judge()).allowed).toBe(true)
  })
})

describe('a signature', () => {
  test('is remembered for ten minutes when so answered, and not longer', async () => {
    const first = judge(LOGIN)
    await answerAll({ answer: 'allow', for: '10m' })
    expect((await first).allowed).toBe(true)
    expect((await judge(LOGIN)).allowed).toBe(true)
    world.advance(10 * 60_000 + 1)
    expect(await isWaiting(judge(LOGIN))).toBe(true)
  })

  test('needs a yes each: two at once are two questions', async () => {
    const both = [judge(LOGIN), judge(LOGIN)]
    await isWaiting(both[0] as Promise<unknown>)
    expect(world.desk.pending()).toHaveLength(2)
    const [first] = world.desk.pending()
    if (first !== undefined) await world.desk.answer(first.id, { answer: 'allow' }, 'cli')
    expect(world.desk.pending()).toHaveLength(1)
  })

  test('for another host, user, key or purpose is not covered', async () => {
    const first = judge(LOGIN)
    await answerAll({ answer: 'allow', for: 'session' })
    await first
    for (const change of [
      { host_key: 'SHA256:evil' },
      { user: 'root' },
      { fingerprint: 'SHA256:other' },
      { purpose: 'signature' as const, namespace: 'git' },
    ]) {
      expect(await isWaiting(judge({ ...LOGIN, ...change }))).toBe(true)
    }
  })

  test.each([
    ['that would log in anywhere', { hosts: [], host_key: null }, 'session', 'once, 10m'],
    ['of unknown bytes', { purpose: 'unknown' as const }, '10m', 'once'],
  ] as const)('%s cannot be allowed for long', async (_, change, lasting, offered) => {
    void judge({ ...LOGIN, ...change, hosts: [] })
    await expect(answerAll({ answer: 'allow', for: lasting })).rejects.toThrow(`allow for: ${offered}.`)
    expect(world.desk.pending()).toHaveLength(1)
  })

  test('is no longer asked about when the program that wanted it is gone', async () => {
    const gone = new AbortController()
    const verdict = judge(LOGIN, SESSION, gone.signal)
    gone.abort()
    await verdict
    world.advance(120_000)
    expect(world.desk.pending()).toHaveLength(0)
  })

  test('is asked about again after a no: each one is a deed of its own', async () => {
    const first = judge(LOGIN)
    await answerAll({ answer: 'deny' })
    expect((await first).allowed).toBe(false)
    expect(await isWaiting(judge(LOGIN))).toBe(true)
  })
})

test('how long it lasts cannot be chosen for a tool', async () => {
  const ask = world.desk.open(SESSION, aDraft())
  await expect(world.desk.answer(ask.id, { answer: 'allow', for: 'session' }, 'cli')).rejects.toThrow(
    'does not go with',
  )
})

test("a session's own hook can neither withdraw nor confirm what its door asks", async () => {
  const verdict = judge()
  await isWaiting(verdict)
  const id = world.desk.pending()[0]?.id
  if (id === undefined) throw new Error('there is no ask')
  await expect(world.desk.withdraw(SESSION.id, id, 'hook-gone')).rejects.toThrow('nothing here')
  expect(() => world.desk.hookSaw(SESSION.id, id, { result: 'applied' })).toThrow('nothing here')
  await expect(world.desk.outcome(SESSION.id, id, 1, never)).rejects.toThrow('nothing here')
  expect(world.desk.pending()).toHaveLength(1)
})
