/** How a service is spoken to, whichever it is: what is repeated, what is waited for, and what is never believed. */

import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readAnswer } from '../../../../../server/push/http/answer.ts'
import { createPushWay } from '../../../../../server/push/http/proxy.ts'
import { createRequest } from '../../../../../server/push/http/request.ts'
import { createHurriedClock } from '../create-services.ts'
import { type Recorder, type Reply, startRecorder } from '../recorder.ts'

let recorder: Recorder
let waits: number[]
beforeEach(async () => {
  recorder = await startRecorder(() => ({ status: 200, body: { request: 'r1' } }))
})
afterEach(() => recorder.close())

async function post(replies: Reply[], { signal }: { signal?: AbortSignal } = {}) {
  const hurried = createHurriedClock()
  waits = hurried.waits
  recorder.next.push(...replies)
  const send = createRequest({
    label: 'The service',
    pausesMs: [5_000, 15_000],
    way: createPushWay({ http: '', https: '', noProxy: '' }),
    clock: hurried.clock,
    answerMs: 300,
  })
  return await send({ url: `${recorder.url}/a`, body: { title: 't' }, signal })
}
const http = (status: number, headers: Record<string, string> = {}, body: unknown = {}): Reply => ({
  status,
  headers,
  body,
})
const inSeconds = (seconds: number) => new Date(Date.UTC(2026, 11, 1) + seconds * 1000).toUTCString()

test('the body goes as JSON, and the answer comes back', async () => {
  await expect(post([])).resolves.toEqual({ request: 'r1' })
  expect(recorder.received).toEqual([
    expect.objectContaining({ method: 'POST', path: '/a', body: { title: 't' } }),
  ])
})

describe('is sent again, and then taken:', () => {
  test.each<[string, Reply[], number[]]>([
    ['an error of the service, after its pause', [http(500)], [5_000]],
    ['two errors of the service, after both of its pauses', [http(502), http(503)], [5_000, 15_000]],
    ['an error that asks for a longer pause', [http(503, { 'retry-after': '20' })], [20_000]],
    ['a connection that was lost', ['connection lost'], [5_000]],
    ['no answer in time', ['no answer'], [5_000]],
    ['too many, with a time to wait', [http(429, { 'retry-after': '30' })], [30_000]],
    ['too many, with a time of day', [http(429, { 'retry-after': inSeconds(40) })], [40_000]],
    ['too many, not sooner than the service bears', [http(429, { 'retry-after': '0' })], [5_000]],
    ['an error whose body never ends', [{ status: 500, endless: 'fast' }], [5_000]],
  ])('%s', async (_, replies, waited) => {
    await expect(post(replies)).resolves.toEqual({ request: 'r1' })
    expect(waits).toEqual(waited)
    expect(recorder.received).toHaveLength(replies.length + 1)
  })
})

describe('is refused, and never sent again:', () => {
  test.each<[string, Reply]>([
    ['a request that is wrong', http(400)],
    ['a key that is wrong', http(401)],
    ['a forbidden one', http(403)],
    ['an address that is not there', http(404)],
    ['one that is gone', http(410)],
    ['one that is too large', http(413)],
    ['too many, without a time to wait', http(429)],
    ['too many, with a time that cannot be read', http(429, { 'retry-after': 'soon' })],
    ['too many, for longer than a minute', http(429, { 'retry-after': '61' })],
    ['too many, for years', http(429, { 'retry-after': '999999999' })],
    ['another 4xx that asks to wait', http(409, { 'retry-after': '1' })],
    ['one whose body never ends', { status: 400, endless: 'fast' }],
  ])('%s', async (_, reply) => {
    await expect(post([reply])).rejects.toMatchObject({ code: 'push-refused' })
    expect(recorder.received).toHaveLength(1)
  })

  test.each([301, 302, 307, 308])('a redirect (%i), and nobody goes there', async (status) => {
    await expect(post([http(status, { location: '/b' })])).rejects.toMatchObject({
      code: 'push-refused',
      remedy: expect.stringContaining('not followed'),
    })
    expect(recorder.received.map(({ path }) => path)).toEqual(['/a'])
  })
})

describe('gives up', () => {
  test('when the service fails three times', async () => {
    await expect(post([http(500), http(500), http(500)])).rejects.toMatchObject({
      code: 'push-unreachable',
      message: 'The service answered 500.',
    })
    expect(recorder.received).toHaveLength(3)
  })

  test('when it asks again and again to wait, within the minute', async () => {
    const busy = http(429, { 'retry-after': '29' })
    await expect(post([busy, busy, busy, busy])).rejects.toMatchObject({ code: 'push-refused' })
    expect(waits).toEqual([29_000, 29_000])
    const busier = http(429, { 'retry-after': '40' })
    recorder.next.length = 0
    await expect(post([busier, busier])).rejects.toMatchObject({ code: 'push-refused' })
    expect(waits).toEqual([40_000])
  })
})

describe('is taken with its status, so that no phone rings twice:', () => {
  test.each<[string, Reply]>([
    ['an answer that never ends', { status: 200, endless: 'slow' }],
    ['an answer of any size', { status: 200, endless: 'fast' }],
    ['an answer that is no JSON', { status: 204 }],
  ])('%s', async (_, reply) => {
    await expect(post([reply])).resolves.toBeNull()
    expect(recorder.received).toHaveLength(1)
  })
})

describe('an abort', () => {
  test('while the service thinks ends the request', async () => {
    const end = new AbortController()
    const sent = post(['no answer'], { signal: end.signal })
    setTimeout(() => end.abort(new Error('over')), 20)
    await expect(sent).rejects.toThrow('over')
    expect(recorder.received).toHaveLength(1)
  })

  test('beforehand sends nothing', async () => {
    await expect(post([], { signal: AbortSignal.abort(new Error('over')) })).rejects.toThrow('over')
    expect(recorder.received).toEqual([])
  })

  test('during a pause ends the pause', async () => {
    const end = new AbortController()
    const clock = { now: () => 0, after: () => () => {} }
    const way = createPushWay({ http: '', https: '', noProxy: '' })
    const send = createRequest({ label: 'The service', pausesMs: [5_000], way, clock })
    recorder.next.push(http(500))
    const sent = send({ url: recorder.url, body: {}, signal: end.signal })
    setTimeout(() => end.abort(new Error('over')), 100)
    await expect(sent).rejects.toThrow('over')
    expect(recorder.received).toHaveLength(1)
  })
})

test('what a service says about a refusal is cut, and nothing in it hides', async () => {
  const errors = [`\u001b[2J\u202e${'no '.repeat(1_000)}`]
  const { message } = (await post([http(400, {}, { errors })]).catch(
    (error: Error) => error as Error,
  )) as Error
  expect(message).toContain('‹U+001B›[2J‹U+202E›no no')
  expect(message.length).toBeLessThan(300)
})

test('of a long answer no more than 64 kB are read, and its source is closed', async () => {
  let given = 0
  const source = new Readable({
    read() {
      given += 16_384
      this.push(given > 4 * 1024 * 1024 ? null : Buffer.alloc(16_384, 'x'))
    },
  })
  await expect(readAnswer(200, source)).resolves.toEqual({ status: 200, text: '', json: null })
  expect(given).toBeLessThan(64 * 1024 + 16_384 * 6)
  expect(source.destroyed).toBe(true)
})
