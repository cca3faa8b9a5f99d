import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { MAX_MESSAGE_BYTES, toFrame } from '../../../../container/keys/wire.ts'
import { FAILURE, KEY, keysOf, LIST, login, openWorld, signRequest, string, uint32 } from './world.ts'

/** draft-miller-ssh-agent and, from 1 to 9 and 24, the first version of the protocol. */
const REFUSED: [string, number][] = [
  ['list the keys of the first version', 1],
  ['answer the challenge of the first version', 3],
  ['add a key of the first version', 7],
  ['remove a key of the first version', 8],
  ['remove all keys of the first version', 9],
  ['add a key', 17],
  ['remove a key', 18],
  ['remove all keys', 19],
  ['add a smartcard', 20],
  ['remove a smartcard', 21],
  ['lock the agent', 22],
  ['unlock the agent', 23],
  ['add a constrained key of the first version', 24],
  ['add a constrained key', 25],
  ['add a constrained smartcard', 26],
  ['use an extension', 27],
  ['answer as an agent would', 12],
  ['sign as an agent would', 14],
]

describe('what is no request to list or to sign', () => {
  test.each(REFUSED)('a client cannot %s', async (_, type) => {
    const decide = vi.fn(async () => true)
    await using world = await openWorld({ decide })
    const client = world.open()
    const body = [Buffer.from([type]), string(KEY), string('comment')]
    expect(await client.ask(Buffer.concat(body))).toEqual(FAILURE)
    expect(await client.ask(Buffer.from([type]))).toEqual(FAILURE)
    expect(world.received).toEqual([])
    expect(decide).not.toHaveBeenCalled()
    expect(await client.ask(LIST)).toEqual(keysOf([KEY]))
  })

  test.each(['session-bind@openssh.com', 'query'])('the extension %s is refused', async (name) => {
    await using world = await openWorld()
    expect(await world.ask(Buffer.concat([Buffer.from([27]), string(name), string('x')]))).toEqual(FAILURE)
    expect(world.received).toEqual([])
  })

  test('every other number is refused', async () => {
    await using world = await openWorld()
    const client = world.open()
    for (let type = 0; type < 256; type += 1) {
      if (type !== 11 && type !== 13) expect(await client.ask(Buffer.from([type]))).toEqual(FAILURE)
    }
    expect(world.received).toEqual([])
  })
})

describe('a broken message', () => {
  test.each([
    ['has no bytes', uint32(0)],
    ['is larger than any', uint32(MAX_MESSAGE_BYTES + 1)],
    ['is larger than the memory', uint32(0xffff_ffff)],
    ['lists keys with something left over', toFrame(Buffer.from([11, 0]))],
    ['signs with something left over', toFrame(Buffer.concat([signRequest(login()), Buffer.from('x')]))],
    ['signs without flags', toFrame(signRequest(login()).subarray(0, -4))],
    [
      'signs with a key that is longer than the message',
      toFrame(Buffer.concat([Buffer.from([13]), uint32(99)])),
    ],
    ['signs nothing', toFrame(Buffer.from([13]))],
  ])('that %s fails, ends the connection and does not reach the agent', async (_, bytes) => {
    const decide = vi.fn(async () => true)
    await using world = await openWorld({ decide })
    const client = world.open()
    client.raw(bytes)
    expect(await client.rest()).toEqual([FAILURE])
    expect(world.received).toEqual([])
    expect(decide).not.toHaveBeenCalled()
  })

  test('takes back the question that was asked before it on the same connection', async () => {
    const verdict = Promise.withResolvers<boolean>()
    const decide = vi.fn(() => verdict.promise)
    await using world = await openWorld({ decide })
    const client = world.open()
    client.send(signRequest(login()))
    await vi.waitFor(() => expect(decide).toHaveBeenCalled())
    client.raw(uint32(0))
    expect(await client.rest()).toEqual([FAILURE])
    verdict.resolve(true)
    await vi.waitFor(() => expect(world.events).toMatchObject([{ allowed: false }]))
    expect(world.signed()).toEqual([])
  })

  test('with reserved flags fails without a question', async () => {
    const decide = vi.fn(async () => true)
    await using world = await openWorld({ decide })
    for (const flags of [1, 8, 0x8000_0000, 0xffff_ffff]) {
      expect(await world.ask(signRequest(login(), { flags }))).toEqual(FAILURE)
    }
    expect(decide).not.toHaveBeenCalled()
  })
})

test('who sends on and on while a decision is open loses the connection', async () => {
  const decide = vi.fn(() => new Promise<never>(() => {}))
  await using world = await openWorld({ decide })
  const client = world.open()
  client.send(signRequest(login()))
  await vi.waitFor(() => expect(decide).toHaveBeenCalled())
  const large = Buffer.alloc(MAX_MESSAGE_BYTES, 27)
  client.send(large, large, large)
  await client.rest()
  expect(world.events).toMatchObject([{ allowed: false, reason: 'the client hung up' }])
})

describe('whatever bytes come', () => {
  const anyBytes = fc.uint8Array({ maxLength: 600 }).map(Buffer.from)
  const whole = signRequest(login())

  test('the agent gets none of them, and there is no signature', async () => {
    await using world = await openWorld({ decide: async () => true, limits: { idleTimeoutMs: 20 } })
    const garbage = fc.oneof(
      anyBytes,
      anyBytes.map((bytes) => toFrame(Buffer.concat([Buffer.from([13]), bytes]))),
      anyBytes.map((bytes) => toFrame(Buffer.concat([Buffer.from([11]), bytes, Buffer.from('x')]))),
      fc.nat(whole.length - 1).map((length) => toFrame(whole.subarray(0, length))),
      fc.nat(whole.length - 1).map((length) => toFrame(whole).subarray(0, length)),
    )
    await fc.assert(
      fc.asyncProperty(garbage, async (bytes) => {
        const client = world.open()
        client.raw(bytes)
        const answers = await client.rest()
        expect(answers.filter((answer) => !answer.equals(FAILURE))).toEqual([])
      }),
      { numRuns: 80 },
    )
    expect(world.received).toEqual([])
    expect(world.events).toEqual([])
  })

  test('nothing is signed that is not decided for what it is', async () => {
    const seen: string[] = []
    const decide = async ({ purpose }: { purpose: string }) => {
      seen.push(purpose)
      return false
    }
    await using world = await openWorld({ decide })
    const client = world.open()
    await fc.assert(
      fc.asyncProperty(anyBytes, async (data) => {
        expect(await client.ask(signRequest(data))).toEqual(FAILURE)
      }),
      { numRuns: 80 },
    )
    expect(new Set(seen)).toEqual(new Set(['unknown']))
    expect(world.signed()).toEqual([])
  })
})
