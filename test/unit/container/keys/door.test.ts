import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { findAgent, listKeys } from '../../../../container/keys/agent.ts'
import type { SignatureRequest } from '../../../../container/keys/door.ts'
import { fingerprintOf } from '../../../../container/keys/public-key.ts'
import {
  FAILURE,
  HOST_KEY,
  KEY,
  keysOf,
  LIST,
  login,
  OTHER_KEY,
  openWorld,
  SIGNATURE,
  signRequest,
  sshsig,
} from './world.ts'

const hostLine = (name: string) => `${name} ssh-ed25519 ${HOST_KEY.toString('base64')}`
const never = () => new Promise<never>(() => {})

describe('a key door', () => {
  test('lists the keys of the agent, unasked', async () => {
    const decide = vi.fn(async () => false)
    await using world = await openWorld({ decide })
    expect(await world.ask(LIST)).toEqual(keysOf([KEY]))
    expect(decide).not.toHaveBeenCalled()
  })

  test('can be reached by any user that may come near it', async () => {
    await using world = await openWorld()
    expect(statSync(join(world.folder, 'key.sock')).mode & 0o777).toBe(0o666)
  })

  test('shows who logs in where before it signs, and passes on the very same request', async () => {
    const asked: SignatureRequest[] = []
    const decide = async (request: SignatureRequest) => asked.push(request) === 1
    await using world = await openWorld({ decide, knownHosts: [hostLine('git.example.org')] })
    const request = signRequest(login(), { flags: 4 })
    expect(await world.ask(request)).toEqual(SIGNATURE)
    expect(world.signed()).toEqual([request])
    const shown: SignatureRequest = {
      key: { type: 'ssh-ed25519', comment: 'me@laptop', fingerprint: fingerprintOf(KEY) },
      purpose: 'login',
      user: 'git',
      hosts: ['git.example.org'],
      hostKey: fingerprintOf(HOST_KEY),
      namespace: null,
    }
    expect(asked).toEqual([shown])
    expect(world.events).toEqual([
      { ...shown, allowed: true, reason: 'it was allowed', at: expect.any(Number) },
    ])
  })

  test.each([
    [
      'a login that binds no host',
      login({ hostKey: null }),
      { purpose: 'login', user: 'git', hostKey: null },
    ],
    ['a commit', sshsig('git'), { purpose: 'signature', namespace: 'git', user: null }],
    ['a login with another key inside', login({ blob: OTHER_KEY }), { purpose: 'unknown', user: null }],
    ['any bytes', Buffer.from('bytes'), { purpose: 'unknown', namespace: null }],
  ])('tells %s for what it is, and no host', async (_, data, expected) => {
    await using world = await openWorld({ knownHosts: [hostLine('git.example.org')] })
    expect(await world.ask(signRequest(data))).toEqual(SIGNATURE)
    expect(world.events).toMatchObject([{ ...expected, hosts: [] }])
  })

  test.each([
    ['no', async () => false],
    ['something that is not yes', async () => 'true' as unknown as boolean],
    ['nothing', async () => undefined as unknown as boolean],
    ['an error', () => Promise.reject(new Error('no'))],
    [
      'an exception',
      () => {
        throw new Error('no')
      },
    ],
  ])('does not sign when the decision is %s', async (_, decide) => {
    await using world = await openWorld({ decide })
    expect(await world.ask(signRequest(login()))).toEqual(FAILURE)
    expect(world.signed()).toEqual([])
    expect(world.events).toMatchObject([{ allowed: false, reason: 'it was not allowed' }])
  })

  test('asks nobody about a key that the agent does not list at this moment', async () => {
    const decide = vi.fn(async () => true)
    let keys = [KEY, OTHER_KEY]
    const answer = (message: Buffer) => (message.equals(LIST) ? keysOf(keys) : SIGNATURE)
    await using world = await openWorld({ decide, answer })
    const client = world.open()
    expect(await client.ask(LIST)).toEqual(keysOf(keys))
    keys = [OTHER_KEY]
    expect(await client.ask(signRequest(login()))).toEqual(FAILURE)
    expect(decide).not.toHaveBeenCalled()
    expect(world.signed()).toEqual([])
  })

  test('answers the messages of one connection in their order', async () => {
    const first = Promise.withResolvers<boolean>()
    const decide = vi.fn(() => first.promise)
    await using world = await openWorld({ decide })
    const client = world.open()
    client.send(signRequest(login()), LIST, Buffer.from([27]))
    await vi.waitFor(() => expect(decide).toHaveBeenCalled())
    expect(await world.ask(LIST)).toEqual(keysOf([KEY]))
    first.resolve(true)
    expect([await client.next(), await client.next(), await client.next()]).toEqual([
      SIGNATURE,
      keysOf([KEY]),
      FAILURE,
    ])
  })

  test('tells the one who decides that the client hung up, and signs no more', async () => {
    const verdict = Promise.withResolvers<boolean>()
    let gone: AbortSignal | undefined
    const decide = (_request: SignatureRequest, signal: AbortSignal) => {
      gone = signal
      return verdict.promise
    }
    await using world = await openWorld({ decide })
    const client = world.open()
    client.send(signRequest(login()))
    await vi.waitFor(() => expect(gone).toBeDefined())
    expect(gone?.aborted).toBe(false)
    client.hangUp()
    await vi.waitFor(() => expect(gone?.aborted).toBe(true))
    verdict.resolve(true)
    await vi.waitFor(() =>
      expect(world.events).toMatchObject([{ allowed: false, reason: 'the client hung up' }]),
    )
    expect(world.signed()).toEqual([])
    expect(world.problems).toEqual([])
  })

  test('holds only so many decisions, fails the next at once, and has room again when one hangs up', async () => {
    const decide = vi.fn(never)
    await using world = await openWorld({ decide, limits: { maxPending: 2 } })
    const waiting = [world.open(), world.open()]
    for (const client of waiting) client.send(signRequest(login()))
    await vi.waitFor(() => expect(decide).toHaveBeenCalledTimes(2))
    expect(await world.ask(signRequest(login()))).toEqual(FAILURE)
    expect(decide).toHaveBeenCalledTimes(2)
    waiting[0]?.hangUp()
    await vi.waitFor(() => expect(world.events).toHaveLength(1))
    world.open().send(signRequest(login()))
    await vi.waitFor(() => expect(decide).toHaveBeenCalledTimes(3))
  })

  test('closes a connection that is one too many', async () => {
    await using world = await openWorld({ limits: { maxConnections: 1 } })
    const client = world.open()
    await client.ask(LIST)
    expect(await world.ask(LIST)).toBeNull()
    expect(await client.ask(LIST)).toEqual(keysOf([KEY]))
  })

  test('closes a silent connection, but not one that waits for a decision', async () => {
    const verdict = Promise.withResolvers<boolean>()
    await using world = await openWorld({ decide: () => verdict.promise, limits: { idleTimeoutMs: 40 } })
    const waiting = world.open()
    waiting.send(signRequest(login()))
    expect(await world.open().rest()).toEqual([])
    verdict.resolve(true)
    expect(await waiting.next()).toEqual(SIGNATURE)
  })

  test('ends every connection and the decisions behind them when it is closed', async () => {
    let gone: AbortSignal | undefined
    await using world = await openWorld({
      decide: (_request, signal) => {
        gone = signal
        return never()
      },
    })
    const client = world.open()
    client.send(signRequest(login()))
    await vi.waitFor(() => expect(gone).toBeDefined())
    await world.door.close()
    expect(await client.next()).toBeNull()
    await vi.waitFor(() => expect(gone?.aborted).toBe(true))
    expect(statSync(join(world.folder, 'key.sock'), { throwIfNoEntry: false })).toBeUndefined()
  })
})

describe('an agent that is out of order', () => {
  test('that is missing fails both requests, without a question and with one line in the log', async () => {
    const decide = vi.fn(async () => true)
    await using world = await openWorld({ decide, upstream: '/nonexistent/agent.sock' })
    const client = world.open()
    expect(await client.ask(LIST)).toEqual(FAILURE)
    expect(await client.ask(signRequest(login()))).toEqual(FAILURE)
    expect(await client.ask(LIST)).toEqual(FAILURE)
    expect(decide).not.toHaveBeenCalled()
    expect(world.problems).toHaveLength(1)
  })

  test.each([
    ['never answers', () => null],
    ['answers nonsense', () => Buffer.from('nonsense')],
    ['refuses', () => FAILURE],
  ])('that %s fails both requests, and the connection stays', async (_, answer) => {
    await using world = await openWorld({ answer, limits: { listTimeoutMs: 40 } })
    const client = world.open()
    expect(await client.ask(LIST)).toEqual(FAILURE)
    expect(await client.ask(signRequest(login()))).toEqual(FAILURE)
    expect(world.events).toEqual([])
  })

  test.each([
    ['refuses to sign', FAILURE, 'the ssh-agent did not sign'],
    [
      'signs with something left over',
      Buffer.concat([SIGNATURE, Buffer.from('x')]),
      'the ssh-agent did not sign',
    ],
    ['lists keys instead', keysOf([KEY]), 'the ssh-agent did not sign'],
    ['never signs', null, 'the ssh-agent did not answer'],
  ])('that %s fails the request', async (_, said, reason) => {
    const answer = (message: Buffer) => (message.equals(LIST) ? keysOf([KEY]) : said)
    await using world = await openWorld({ answer, limits: { signTimeoutMs: 40 } })
    const client = world.open()
    expect(await client.ask(signRequest(login()))).toEqual(FAILURE)
    expect(await client.ask(LIST)).toEqual(keysOf([KEY]))
    expect(world.events).toMatchObject([{ allowed: false, reason }])
  })
})

describe("the machine's agent", () => {
  test('is found when it lists its keys, and they are told', async () => {
    await using world = await openWorld()
    expect(await findAgent({ SSH_AUTH_SOCK: world.upstream })).toBe(world.upstream)
    expect(await listKeys(world.upstream)).toEqual([
      { type: 'ssh-ed25519', comment: 'me@laptop', fingerprint: fingerprintOf(KEY) },
    ])
  })

  test('is not found where none answers', async () => {
    await using world = await openWorld({ answer: () => FAILURE })
    const file = join(world.folder, 'file')
    writeFileSync(file, '')
    for (const path of [undefined, '', file, join(world.folder, 'missing'), world.upstream]) {
      expect(await findAgent({ SSH_AUTH_SOCK: path })).toBeNull()
    }
    await expect(listKeys(file)).rejects.toMatchObject({ code: 'agent-unreachable' })
  })
})
