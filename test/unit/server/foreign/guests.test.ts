/** What somebody's containers may do at the doors of a real responder, over sockets and TCP. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createOwnerClient } from '../../../../server/client.ts'
import type { Push, Terminal } from '../../../../server/ports.ts'
import { createResponder, type Responder } from '../../../../server/responder.ts'
import { aDraft, createClock } from '../asks.ts'

let dir: string
let port: number
let alive: boolean
let pushes: Push[]
let responder: Responder
const { clock } = createClock()
const terminal: Terminal = {
  typeInto: async () => ({ status: 'refused', code: 'no-tmux', message: 'There is no tmux.', remedy: '' }),
  capture: async () => null,
  read: async () => null,
  press: async () => ({ status: 'pressed', isGone: true }),
  escape: async () => ({ status: 'pressed', isGone: true }),
  whyNotTyped: () => 'There is no tmux, so nothing can be typed.',
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'rc-g-'))
  port = await freePort()
  alive = true
  pushes = []
  responder = start()
  await responder.start()
})
afterEach(async () => {
  await responder.stop()
  rmSync(dir, { recursive: true })
})

const start = () =>
  createResponder({
    version: 'test',
    options: { host: '127.0.0.1', port: 0 },
    approvals: { askMs: 60_000, onTimeout: 'wait', subagentWaitMs: 1000, askRules: () => [] },
    stateDir: join(dir, 's'),
    push: () => [
      {
        name: 'phone',
        async send(push) {
          pushes.push(push)
          return { service: 'phone', ref: null }
        },
      },
    ],
    terminal,
    clock,
    newId: () => Math.random().toString(36).slice(2).replace(/[01]/g, 'a').slice(0, 6).padEnd(6, 'z'),
    log: () => {},
    // An engine that is away: sites need none.
    sessions: async () => {
      throw new Error('no engine')
    },
    onSessions: async () => {},
    onStop: () => {},
    sites: { port, isRunning: async () => alive, onGuests: async () => {} },
  })
const owner = () => createOwnerClient(join(dir, 's/owner.sock'))
const socketOf = (id: string) => join(dir, 's/sites', id, 'hooks.sock')

type Where = { socketPath: string; pid?: number } | { port: number; token?: string }

function call(where: Where, method: string, path: string, body?: unknown) {
  const headers = {
    'content-type': 'application/json',
    ...('token' in where && { authorization: `Bearer ${where.token}` }),
    ...('pid' in where && { 'x-rc-process': String(where.pid) }),
  }
  const target = 'socketPath' in where ? where : { host: '127.0.0.1', port: where.port }
  return new Promise<{ status: number; body: { id?: string } & Record<string, unknown> }>(
    (resolve, reject) => {
      const one = request({ ...target, method, path, headers }, (response) => {
        let text = ''
        response.on('data', (chunk) => {
          text += chunk
        })
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: text === '' ? {} : JSON.parse(text) }),
        )
      })
      one.on('error', reject)
      one.end(body === undefined ? undefined : JSON.stringify(body))
    },
  )
}

/** What came of a command of `rc` that this process ran at the owner door. */
const ownerSays = (pid: number, path: string, body?: unknown) =>
  call({ socketPath: join(dir, 's/owner.sock'), pid }, 'POST', path, body)

const admit = async (name: string) => {
  const { token } = await owner().admitGuest({ name, address: '127.0.0.1', details: {} })
  return { port, token: token ?? '' }
}

describe('this machine', () => {
  test('only notes what is said by a Claude that was started to be heard, and asks and tells nobody', async () => {
    const claude = '6f1c7c0e-6b0e-4f0e-9d5e-0a4d0b1c2d3e'
    const context = { ...aDraft().context, claude_session: claude, claude_version: '2.1.332' }
    const door = { socketPath: socketOf('host') }
    const start = { v: 1, event: 'SessionStart', context }
    await expect(owner().probe(claude)).rejects.toMatchObject({ code: 'not-found' })
    await owner().expectProbe(claude)
    expect(await owner().probe(claude)).toEqual({ events: [], version: null })
    expect((await call(door, 'POST', '/signals', start)).status).toBe(204)
    expect((await call(door, 'POST', '/asks', aDraft({ context }))).status).toBe(204)
    const { sessions, last_heard } = await owner().sites()
    expect({ sessions, last_heard }).toEqual({ sessions: [], last_heard: null })
    expect([await owner().asks(true), pushes]).toEqual([[], []])
    expect(await owner().probe(claude)).toEqual({
      events: ['SessionStart', 'PermissionRequest'],
      version: '2.1.332',
    })
  })

  test('takes no container for a Claude that it has started, whatever its hooks say', async () => {
    const claude = '6f1c7c0e-6b0e-4f0e-9d5e-0a4d0b1c2d3e'
    await owner().expectProbe(claude)
    const context = { ...aDraft().context, claude_session: claude }
    expect((await call(await admit('dev'), 'POST', '/asks', aDraft({ context }))).status).toBe(201)
    expect((await owner().probe(claude)).events).toEqual([])
  })

  test('lets no Claude answer its own question, however often it tries, and tells the phone once', async () => {
    // It has left its parents, as with nohup and &, and its program has no name of Claude's.
    const [claude, child] = [spawn('sleep', ['60']), spawn('sleep', ['60'], { env: { CLAUDECODE: '1' } })]
    try {
      const context = { ...aDraft().context, place: { pid: claude.pid as number } }
      const { body } = await call({ socketPath: socketOf('host') }, 'POST', '/asks', aDraft({ context }))
      const path = `/asks/${body.id}/answer`
      for (let tries = 0; tries < 3; tries += 1)
        expect(await ownerSays(child.pid as number, path, { answer: 'allow' })).toMatchObject({
          status: 403,
          body: { error: { code: 'claude-may-not', remedy: expect.stringContaining('phone') } },
        })
      expect(await owner().ask(body.id ?? '')).toMatchObject({ state: 'pending' })
      const warnings = pushes.filter(({ ask }) => ask === null)
      expect(warnings).toMatchObject([
        {
          title: 'Claude tried to act for you',
          message: `It was refused. this machine: POST ${path}`,
          url: null,
        },
      ])
      expect((await ownerSays(process.pid, path, { answer: 'allow' })).status).toBe(200)
    } finally {
      claude.kill()
      child.kill()
    }
  })

  test('knows a Claude that was heard by its process, and names its session', async () => {
    const shell = spawn('sh', ['-c', 'sleep 60 & echo $!; wait'])
    try {
      const child = Number(String(await once(shell.stdout, 'data')))
      const context = { ...aDraft().context, place: { pid: shell.pid as number } }
      await call({ socketPath: socketOf('host') }, 'POST', '/asks', aDraft({ context }))
      expect((await ownerSays(child, '/stop')).status).toBe(403)
      expect((await ownerSays(child, '/person?command=rc%20pair')).status).toBe(403)
      expect(pushes.filter(({ ask }) => ask === null)).toMatchObject([
        { title: 'Claude tried to act for you', message: 'It was refused. app: POST /stop' },
        { title: 'Claude tried to act for you', message: 'It was refused. app: rc pair' },
      ])
    } finally {
      shell.kill()
    }
  })

  test('has a door that only its owner can reach, though no engine answers', async () => {
    expect(statSync(socketOf('host')).mode & 0o777).toBe(0o600)
    expect(statSync(join(dir, 's/sites/host')).mode & 0o777).toBe(0o700)
    expect((await call({ socketPath: socketOf('host') }, 'POST', '/asks', aDraft())).status).toBe(201)
    expect(await owner().asks(false)).toMatchObject([{ session: 'app', state: 'pending' }])
  })

  test('questions of a Claude that has died are over, and those of living ones stay through a restart', async () => {
    await call({ socketPath: socketOf('host') }, 'POST', '/asks', aDraft())
    await responder.stop()
    responder = start()
    await responder.start()
    expect(await owner().asks(false)).toMatchObject([{ session: 'app', state: 'pending' }])
    alive = false
    await owner().sync()
    expect(await owner().asks(true)).toMatchObject([{ state: 'superseded', because: 'session-ended' }])
    expect((await owner().sites()).sessions).toEqual([])
    expect((await owner().sites()).last_heard).toMatchObject({ name: 'app', lastEvent: expect.any(String) })
  })

  test('a session that says that it ends is known no more', async () => {
    const { context } = aDraft()
    const door = { socketPath: socketOf('host') }
    await call(door, 'POST', '/signals', { v: 1, event: 'SessionStart', context })
    expect((await owner().sites()).sessions).toMatchObject([{ name: 'app', lastEvent: 'SessionStart' }])
    await call(door, 'POST', '/signals', { v: 1, event: 'SessionEnd', context })
    expect((await owner().sites()).sessions).toEqual([])
  })

  test('a place that is none is left out, and the question is asked all the same', async () => {
    const place = { pid: 'x', tmux: { socket: 'relative', pane: '%1;kill-server' } }
    const draft = aDraft()
    const asked = { ...draft, context: { ...draft.context, place } }
    expect((await call({ socketPath: socketOf('host') }, 'POST', '/asks', asked)).status).toBe(201)
    expect((await owner().sites()).sessions).toMatchObject([{ place: null }])
  })

  test('where Remote Control asks as well, the question is on the desk and the phone does not ring twice', async () => {
    const draft = aDraft()
    const asked = { ...draft, context: { ...draft.context, remote_control: true } }
    await call({ socketPath: socketOf('host') }, 'POST', '/asks', asked)
    await call({ socketPath: socketOf('host') }, 'POST', '/asks', aDraft({ input: { command: 'ls' } }))
    expect(await owner().asks(false)).toMatchObject([{ remote_control: true }, { remote_control: false }])
    expect(pushes.map(({ message }) => message)).toEqual(['ls'])
  })

  test('a reply that cannot be typed says why before anybody writes it', async () => {
    await call({ socketPath: socketOf('host') }, 'POST', '/asks', aDraft({ kind: 'reply', text: 'Done.' }))
    const [ask] = await owner().asks(false)
    expect(ask?.untypable).toContain('no tmux')
    const page = await (await fetch(ask?.url ?? '')).text()
    expect(page).toContain('There is no tmux, so nothing can be typed.')
    expect(page).not.toContain('<textarea')
  })
})

describe('a guest with a token', () => {
  test('asks as itself, waits, and gets its answer', async () => {
    const dev = await admit('dev')
    const { status, body } = await call(dev, 'POST', '/asks', aDraft())
    expect(status).toBe(201)
    const waiting = call(dev, 'GET', `/asks/${body.id}/outcome`)
    const [ask] = await owner().asks(false)
    expect(ask?.session).toBe('dev/app')
    await owner().answer(ask?.id ?? '', { answer: 'allow' })
    expect((await waiting).body).toEqual({ state: 'answered', decision: { behavior: 'allow' } })
  })

  test("sees and touches no ask of another guest, of this machine's, or of anybody with the same words", async () => {
    const [dev, evil] = [await admit('dev'), await admit('evil')]
    const draft = aDraft()
    const ids = [
      (await call(dev, 'POST', '/asks', draft)).body.id,
      (await call({ socketPath: socketOf('host') }, 'POST', '/asks', draft)).body.id,
    ]
    // The same key, conversation and process: still an ask of its own.
    const own = (await call(evil, 'POST', '/asks', draft)).body.id
    expect(ids).not.toContain(own)
    for (const id of ids) {
      expect((await call(evil, 'GET', `/asks/${id}/outcome`)).status).toBe(404)
      expect((await call(evil, 'POST', `/asks/${id}/withdraw`, { because: 'hook-gone' })).status).toBe(404)
      expect((await call(evil, 'POST', `/asks/${id}/result`, { result: 'applied' })).status).toBe(404)
    }
    await call(evil, 'POST', '/signals', { v: 1, event: 'SessionEnd', context: draft.context })
    const states = (await owner().asks(true)).map(({ id, state }) => [id, state])
    expect(states.filter(([id]) => id !== own)).toEqual(ids.map((id) => [id, 'pending']))
  })

  test('cannot answer, not even its own', async () => {
    const dev = await admit('dev')
    const { id } = (await call(dev, 'POST', '/asks', aDraft())).body
    for (const path of [`/asks/${id}/answer`, '/sites', '/sites/guests', '/status', '/stop', '/a/x'])
      expect([path, (await call(dev, 'POST', path, { answer: 'allow' })).status]).toEqual([path, 404])
    expect((await call(dev, 'GET', '/asks')).status).toBe(404)
    expect(await owner().asks(false)).toMatchObject([{ state: 'pending' }])
  })

  test('whose token was revoked is not heard, and what it had asked is over', async () => {
    const [dev, other] = [await admit('dev'), await admit('other')]
    const { id } = (await call(dev, 'POST', '/asks', aDraft())).body
    await owner().revokeGuest('dev')
    expect((await call(dev, 'POST', '/asks', aDraft())).status).toBe(401)
    expect((await call(dev, 'GET', `/asks/${id}/outcome`)).status).toBe(401)
    expect(await owner().asks(true)).toMatchObject([{ id, state: 'superseded', because: 'session-ended' }])
    expect((await call(other, 'POST', '/asks', aDraft())).status).toBe(201)
  })

  test('that was let in once more has a new token, and the old one is worth nothing, through a restart too', async () => {
    const old = await admit('dev')
    const dev = await admit('dev')
    await responder.stop()
    responder = start()
    await responder.start()
    expect((await call(old, 'POST', '/asks', aDraft())).status).toBe(401)
    expect((await call(dev, 'POST', '/asks', aDraft())).status).toBe(201)
  })

  test.each([
    ['no token', {}],
    ['rubbish', { token: 'a.b.c' }],
    ['something very long', { token: 'x'.repeat(5_000) }],
  ])('with %s is refused before a byte of its question is read', async (_, given) => {
    await admit('dev')
    const { status, body } = await call({ port, ...given }, 'POST', '/asks', aDraft())
    expect([status, body['error']]).toEqual([401, expect.objectContaining({ code: 'token-refused' })])
  })

  test('is no reason to listen any longer once the last one is gone', async () => {
    await admit('dev')
    await owner().forgetGuest('dev')
    await expect(call({ port }, 'GET', '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect((await owner().sites()).guests).toEqual([])
  })

  test("has no socket of its own, and the owner's view does not tell its token's name", async () => {
    await admit('dev')
    const [guest] = (await owner().sites()).guests
    expect(existsSync(socketOf(guest?.id ?? ''))).toBe(false)
    expect(guest).toMatchObject({ name: 'dev', token: null })
  })
})

test('a guest behind a gate has a socket as long as it may ask', async () => {
  const { guest, token } = await owner().admitGuest({ name: 'dev', address: null, details: {} })
  expect(token).toBeNull()
  expect((await call({ socketPath: socketOf(guest.id) }, 'POST', '/asks', aDraft())).status).toBe(201)
  await owner().revokeGuest('dev')
  await expect(call({ socketPath: socketOf(guest.id) }, 'POST', '/asks', aDraft())).rejects.toMatchObject({
    code: 'ENOENT',
  })
})

test('a guest that changes from one way to the other has that one only', async () => {
  const { guest } = await owner().admitGuest({ name: 'dev', address: null, details: {} })
  const dev = await admit('dev')
  expect(existsSync(socketOf(guest.id))).toBe(false)
  expect((await call(dev, 'POST', '/asks', aDraft())).status).toBe(201)
  await owner().admitGuest({ name: 'dev', address: null, details: {} })
  expect((await call({ socketPath: socketOf(guest.id) }, 'POST', '/asks', aDraft())).status).toBe(201)
  await expect(call(dev, 'POST', '/asks', aDraft())).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('what is no guest cannot be revoked', async () => {
  await expect(owner().revokeGuest('nobody')).rejects.toMatchObject({ code: 'no-such-guest' })
})

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
