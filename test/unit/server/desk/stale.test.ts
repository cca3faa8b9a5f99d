/** Answers that come too late, from somewhere else, or from nobody: nothing changes, and the reason is said. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Desk } from '../../../../server/desk/desk.ts'
import { aDraft, createTestDesk, SESSION } from '../asks.ts'
import { phoneDoor } from '../phone/phone-door.ts'

let world: ReturnType<typeof createTestDesk>
let desk: Desk
let url: string
let digest: string
let id: Parameters<Desk['find']>[0]

beforeEach(() => {
  world = createTestDesk()
  desk = world.desk
  const ask = desk.open(SESSION, aDraft())
  ;({ id, digest } = ask)
  url = desk.view(ask).url ?? ''
})
afterEach(() => world.remove())

const door = () => phoneDoor(world)
const send = async (to: string, init: RequestInit & { headers?: Record<string, string> }) =>
  await door().request(to, {
    ...init,
    headers: { host: 'phone.test', accept: 'application/json', ...init.headers },
  })
const form = (fields: Record<string, string> | [string, string][]) => ({
  method: 'POST',
  body: new URLSearchParams(fields),
})
const json = (text: string) => ({
  method: 'POST',
  body: text,
  headers: { 'content-type': 'application/json' },
})
const sentence = async (response: Response) => {
  const { error } = (await response.json()) as { error: { message: string } }
  return error.message
}

describe('an answer does nothing, and the reason is said, when', () => {
  test('it was given before', async () => {
    await send(url, form({ answer: 'deny', digest }))
    const again = await send(url, form({ answer: 'allow', digest }))
    expect(again.status).toBe(409)
    expect(await sentence(again)).toMatch(/already answered: deny, by page, at \d{4}/)
    expect(desk.find(id).decision).toEqual({ behavior: 'deny' })
  })

  test('the question has expired', async () => {
    const context = { claude_session: 'c', cwd: '/', agent_id: 'a' }
    const ask = desk.open(SESSION, aDraft({ context }))
    world.advance(60_001)
    const late = await send(desk.view(ask).url ?? '', form({ answer: 'allow', digest: ask.digest }))
    expect(late.status).toBe(409)
    expect(await sentence(late)).toMatch(/expired at .* keyboard/)
    expect(desk.find(ask.id)).toMatchObject({ state: 'expired', decision: null })
  })

  test('the keyboard was faster', async () => {
    world.pane.keyboard = { attached: true, lastKeyAt: 1_000_000 }
    await desk.withdraw(SESSION.id, id, 'answered-at-keyboard')
    const late = await send(url, form({ answer: 'allow', digest }))
    expect(await sentence(late)).toMatch(/answered at the keyboard/)
    expect(desk.find(id).decision).toBeNull()
  })

  test('it was given to another question', async () => {
    const other = desk.open(SESSION, aDraft({ input: { command: 'git push --force' } }))
    const crossed = await send(url, form({ answer: 'allow', digest: other.digest }))
    expect(crossed.status).toBe(409)
    expect(await sentence(crossed)).toMatch(/something else than what the question shows/)
    expect([desk.find(id).state, desk.find(other.id).state]).toEqual(['pending', 'pending'])
  })

  test('after a restart it was given before', async () => {
    await send(url, form({ answer: 'allow', digest }))
    desk = world.reopen()
    const again = await send(url, form({ answer: 'deny', digest }))
    expect(again.status).toBe(409)
    expect(desk.find(id).answer?.answer).toBe('allow')
  })

  test('two of them stand in one form', async () => {
    const both = await send(
      url,
      form([
        ['answer', 'deny'],
        ['answer', 'allow'],
        ['digest', digest],
      ]),
    )
    expect(both.status).toBe(400)
    expect(await sentence(both)).toMatch(/one answer/)
  })

  test.each([
    [
      'is no form and no JSON',
      () => ({ method: 'POST', body: 'answer=allow', headers: { 'content-type': 'text/plain' } }),
    ],
    ['is too large', () => form({ answer: 'deny', digest, message: 'x'.repeat(200_000) })],
    ['hides in a prototype', () => json(`{"__proto__":{"answer":"allow","digest":"${digest}"}}`)],
    ['is in a list', () => json(`[{"answer":"allow","digest":"${digest}"}]`)],
    ['is half of one', () => json('{"answer":"allow",')],
    ['is no known one', () => form({ answer: 'allow everything', digest })],
    ['has an altered digest', () => form({ answer: 'allow', digest: `${digest.slice(0, -1)}x` })],
    ['has an empty digest', () => form({ answer: 'allow', digest: '' })],
  ])('it %s', async (_, init) => {
    const response = await send(url, init() as Parameters<typeof send>[1])
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(await sentence(response)).toMatch(/\.$/)
  })

  afterEach(() => {
    const { state, answer } = desk.find(id)
    if (answer === null) expect(['pending', 'expired', 'superseded']).toContain(state)
  })
})

describe('nobody has answered when a question is', () => {
  test.each([
    ['looked at by a link preview', 'GET', { 'user-agent': 'facebookexternalhit/1.1' }],
    ['looked at by a mail scanner', 'HEAD', { 'user-agent': 'Mozilla/5.0 (compatible; MSIE 10.0)' }],
    ['looked at with another method in its head', 'GET', { 'x-http-method-override': 'POST' }],
    ['asked what it takes', 'OPTIONS', {}],
    ['put', 'PUT', {}],
    ['patched', 'PATCH', {}],
    ['deleted', 'DELETE', {}],
  ])('%s', async (_, method, headers) => {
    const before = JSON.stringify(desk.find(id))
    await send(`${url}?answer=allow&digest=${digest}&_method=POST`, { method, headers })
    expect(JSON.stringify(desk.find(id))).toBe(before)
  })
})

test('a link leads nowhere in any other spelling', async () => {
  const token = url.slice(url.lastIndexOf('/') + 1)
  const spellings = [
    token.slice(0, -1),
    `${token}A`,
    `${token}=`,
    `${token}.`,
    `!${token}`,
    `${token}%00`,
    `${token}/`,
    token.toLowerCase() === token ? token.toUpperCase() : token.toLowerCase(),
    `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`,
    Buffer.from(token, 'base64url').toString('hex'),
    `%2e%2e/${token}`,
  ]
  for (const spelling of spellings) {
    const response = await send(`http://phone.test/a/${spelling}`, form({ answer: 'allow', digest }))
    expect([spelling, response.status]).toEqual([spelling, 404])
  }
  expect(desk.find(id).state).toBe('pending')
})
