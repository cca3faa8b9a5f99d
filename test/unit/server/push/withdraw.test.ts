/** What the user's own webhook hears of an ask: that it is there, and that it is over. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { aDraft, createTestDesk, SESSION } from '../asks.ts'
import { createServices } from './create-services.ts'

let world: ReturnType<typeof createTestDesk>
let heard: Record<string, unknown>[]
let beforeReply: () => void
let status: number
const warnings: string[] = []
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  heard.push(JSON.parse(Buffer.concat(chunks).toString()))
  beforeReply()
  response.writeHead(status).end()
})

beforeEach(async () => {
  heard = []
  warnings.length = 0
  status = 200
  beforeReply = () => {}
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const services = createServices({ webhook_url: `http://127.0.0.1:${port}/` })
  world = createTestDesk({
    push: () => services,
    log: (level, message) => void (level === 'warn' && warnings.push(message)),
  })
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  world.remove()
})
/** A push is on record a moment after it was heard. */
const pushed = () =>
  vi.waitFor(() => expect(world.desk.auditAfter(0).some(({ event }) => event === 'pushed')).toBe(true))
const hears = (count: number) => vi.waitFor(() => expect(heard).toHaveLength(count))

test('it hears once who answered, under the id of the push and without a title that would ring again', async () => {
  const ask = world.desk.open(SESSION, aDraft())
  await pushed()
  await world.desk.answer(ask.id, { answer: 'deny', message: 'no' }, 'page')
  await hears(2)
  expect(heard).toEqual([
    expect.objectContaining({ id: ask.id, title: expect.any(String) }),
    {
      id: ask.id,
      ended: 'answered',
      because: null,
      answer: 'deny',
      by: 'page',
      at: new Date(1_000_000).toISOString(),
    },
  ])
})

test('it hears that the keyboard was faster, even where the push was still on its way', async () => {
  beforeReply = () => {
    beforeReply = () => {}
    const [open] = world.desk.pending()
    world.pane.keyboard = { attached: true, lastKeyAt: 1_000_000 }
    if (open !== undefined) void world.desk.withdraw(SESSION.id, open.id, 'answered-at-keyboard')
  }
  const ask = world.desk.open(SESSION, aDraft())
  await hears(2)
  expect(heard[1]).toMatchObject({
    id: ask.id,
    ended: 'superseded',
    because: 'answered-at-keyboard',
    answer: null,
  })
})

test('a webhook that refuses the news changes nothing, and the log says so', async () => {
  const ask = world.desk.open(SESSION, aDraft())
  await pushed()
  status = 400
  await world.desk.answer(ask.id, { answer: 'allow' }, 'page')
  await vi.waitFor(() => expect(warnings).toEqual(['a push was not taken back']))
  expect(world.desk.find(ask.id)).toMatchObject({ state: 'answered' })
})
