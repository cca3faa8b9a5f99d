import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createOwnerClient } from '../../../server/client.ts'
import type { PushService, SessionRef } from '../../../server/ports.ts'
import { createResponder, type Responder } from '../../../server/responder.ts'
import type { ResponderOptions } from '../../../server/responder-options.ts'
import { createStore } from '../../../server/store/store.ts'
import { aDraft, createClock, SESSION } from './asks.ts'

let dir: string
let sessions: SessionRef[]
let running: Responder[]
const { clock, advance } = createClock()

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rc-r-'))
  mkdirSync(join(dir, 'gate'))
  sessions = [{ ...SESSION, gate: join(dir, 'gate') }]
  running = []
})
afterEach(async () => {
  for (const responder of running) await responder.stop()
  rmSync(dir, { recursive: true })
})

function create(change: Partial<ResponderOptions> = {}): Responder {
  const responder = createResponder({
    version: 'test',
    options: { host: '127.0.0.1', port: 0 },
    approvals: { askMs: 60_000, onTimeout: 'wait', subagentWaitMs: 1000, askRules: () => [] },
    stateDir: join(dir, 'state'),
    push: () => [],
    terminal: {
      typeInto: async () => ({ status: 'typed' }),
      capture: async () => null,
      read: async () => null,
      press: async () => ({ status: 'pressed', isGone: true }),
      escape: async () => ({ status: 'pressed', isGone: true }),
    },
    clock,
    newId: () => Math.random().toString(36).slice(2).replace(/[01]/g, 'a').slice(0, 6).padEnd(6, 'z'),
    log: () => {},
    sessions: async () => sessions,
    onSessions: async () => {},
    onStop: () => {},
    ...change,
  })
  running.push(responder)
  return responder
}
const owner = () => createOwnerClient(join(dir, 'state/owner.sock'))
const hooksSocket = () => join(dir, 'gate/hooks.sock')

/** One request over a unix socket; gives status and body. */
function post(socketPath: string, path: string, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const call = request(
      { socketPath, path, method: 'POST', headers: { 'content-type': 'application/json' } },
      (response) => {
        let text = ''
        response.on('data', (chunk) => (text += chunk))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      },
    )
    call.on('error', reject)
    call.end(body)
  })
}

describe('starting', () => {
  test('opens the doors: the owner for its owner only, the hooks for the session', async () => {
    const { phoneUrl } = await create().start()
    expect(statSync(join(dir, 'state/owner.sock')).mode & 0o777).toBe(0o600)
    expect(statSync(join(dir, 'state')).mode & 0o777).toBe(0o700)
    expect((await fetch(`${phoneUrl}/healthz`)).status).toBe(200)
    expect(await owner().status()).toMatchObject({
      pid: process.pid,
      phone_url: phoneUrl,
      sessions: [SESSION.id],
    })
    expect((await post(hooksSocket(), '/asks', JSON.stringify(aDraft()))).status).toBe(201)
  })

  test('a second responder is refused while the first one answers', async () => {
    await create().start()
    await expect(create().start()).rejects.toMatchObject({ code: 'already-running' })
    expect(await owner().asks(false)).toEqual([])
  })

  test('a socket that nobody answers is taken over', async () => {
    mkdirSync(join(dir, 'state'))
    const dead = createServer().listen(join(dir, 'state/owner.sock'))
    await new Promise((resolve) => dead.once('listening', resolve))
    dead.close()
    await create().start()
    expect((await owner().status()).pid).toBe(process.pid)
  })

  test('a port that somebody has is named, and nothing of ours keeps listening', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as { port: number }
    await expect(create({ options: { host: '127.0.0.1', port } }).start()).rejects.toMatchObject({
      code: 'port-taken',
    })
    await expect(owner().status()).rejects.toMatchObject({ code: 'responder-not-running' })
    other.close()
  })

  test('an unusable key stops it', async () => {
    mkdirSync(join(dir, 'state'))
    writeFileSync(join(dir, 'state/key'), '', { mode: 0o600 })
    await expect(create().start()).rejects.toMatchObject({ code: 'key-unusable' })
  })
})

test('a session that appears gets a door at the next look, one that goes takes its asks along', async () => {
  const gone = sessions
  sessions = []
  await create().start()
  sessions = gone
  await owner().sync()
  const opened = await post(hooksSocket(), '/asks', JSON.stringify(aDraft()))
  expect(opened.status).toBe(201)
  sessions = []
  await owner().sync()
  expect(await owner().asks(true)).toMatchObject([{ state: 'superseded', because: 'session-ended' }])
  await expect(post(hooksSocket(), '/asks', '{}')).rejects.toMatchObject({ code: 'ENOENT' })
})

test('when the sessions cannot be read, the doors and asks stay', async () => {
  const responder = create({
    sessions: async () => {
      if (sessions.length === 0) throw new Error('the engine is away')
      return sessions
    },
  })
  await responder.start()
  await post(hooksSocket(), '/asks', JSON.stringify(aDraft()))
  sessions = []
  await owner().sync()
  expect(await owner().asks(false)).toMatchObject([{ state: 'pending' }])
})

test('an ask is found by its whole id, and an id that nobody has finds nothing', async () => {
  await create().start()
  await post(hooksSocket(), '/asks', JSON.stringify(aDraft()))
  const [ask] = await owner().asks(false)
  expect(await owner().ask(ask?.id ?? '')).toEqual({ ...ask, pushes: [] })
  expect(await owner().ask('zzzzzz9')).toBeNull()
  expect(await owner().ask('../status')).toBeNull()
})

test('after a restart the same ask has the same link, and a used one is still used', async () => {
  const first = create()
  await first.start()
  await post(hooksSocket(), '/asks', JSON.stringify(aDraft()))
  const [ask] = await owner().asks(false)
  await first.stop()
  await create().start()
  const [again] = await owner().asks(false)
  expect(new URL(again?.url ?? '').pathname).toBe(new URL(ask?.url ?? '').pathname)
  const tap = () =>
    fetch(again?.url ?? '', {
      method: 'POST',
      body: new URLSearchParams({ answer: 'allow', digest: again?.digest ?? '' }),
      redirect: 'manual',
    })
  expect((await tap()).status).toBe(303)
  await running.at(-1)?.stop()
  await create().start()
  const { url, digest = '' } = (await owner().asks(true))[0] ?? {}
  expect(
    (await fetch(url ?? '', { method: 'POST', body: new URLSearchParams({ answer: 'deny', digest }) }))
      .status,
  ).toBe(409)
})

describe('what a responder that was killed owed', () => {
  const sent: unknown[] = []
  const phone = (send: PushService['send']): PushService => ({ name: 'phone', send })
  const rings = phone(async ({ ask }) => {
    sent.push(ask)
    return { service: 'phone', ref: null }
  })
  beforeEach(() => void sent.splice(0))

  test('a push that never left leaves after the restart, with its link, and only once', async () => {
    const first = create({ push: () => [phone(() => new Promise(() => {}))] })
    await first.start()
    await post(hooksSocket(), '/asks', JSON.stringify(aDraft()))
    const [ask] = await owner().asks(false)
    await first.stop()
    const second = create({ push: () => [rings] })
    await second.start()
    expect(sent).toEqual([ask?.id])
    await second.stop()
    await create({ push: () => [rings] }).start()
    expect(sent).toEqual([ask?.id])
  })

  test('an answer that nothing has confirmed is called so after the restart', async () => {
    const first = create()
    await first.start()
    await post(hooksSocket(), '/asks', JSON.stringify(aDraft()))
    const [ask] = await owner().asks(false)
    await owner().answer(ask?.id ?? '', { answer: 'allow' })
    await first.stop()
    await create().start()
    expect(await owner().asks(true)).toMatchObject([{ state: 'answered', result: null }])
    advance(6_000)
    expect(await owner().asks(true)).toMatchObject([{ state: 'answered', result: 'unconfirmed' }])
  })
})

test('binary rubbish on every door leaves the responder up', async () => {
  const { phoneUrl } = await create().start()
  const rubbish = Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 37) % 256))
  const { port } = new URL(phoneUrl)
  for (const where of [
    { path: hooksSocket() },
    { path: join(dir, 'state/owner.sock') },
    { host: '127.0.0.1', port: Number(port) },
  ]) {
    await new Promise<void>((resolve) => {
      const socket = connect(where as never, () => socket.write(rubbish))
      socket.on('error', () => {})
      socket.on('close', () => resolve())
      socket.resume()
    })
  }
  expect((await owner().status()).pid).toBe(process.pid)
  expect((await post(hooksSocket(), '/asks', JSON.stringify(aDraft()))).status).toBe(201)
})

test('a browser that lets itself be rung is a service like the others, unless notifications are off', async () => {
  let isOn = true
  const responder = create({ isPushing: () => isOn })
  await responder.start()
  const store = createStore(join(dir, 'state'))
  const keys = { p256dh: `B${'A'.repeat(86)}`, auth: 'A'.repeat(22) }
  store.putSubscription({ endpoint: 'https://push.example/x', device: 'd', ...keys })
  const services = async () => (await owner().status()).push_services
  expect(await services()).toContain('webpush')
  isOn = false
  expect(await services()).not.toContain('webpush')
})
