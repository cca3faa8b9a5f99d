import { connect, Socket } from 'node:net'
import { expect, test } from 'vitest'
import { openWorld, readAll } from './world.ts'

const connectTo = (target: string) => `CONNECT ${target} HTTP/1.1\r\n\r\n`

test.each([
  '127.0.0.1',
  '10.0.0.1',
  '169.254.169.254',
  '::1',
  '::ffff:127.0.0.1',
  '64:ff9b::7f00:1',
  '0.0.0.0',
  'fd00::1',
])('a listed name that resolves to %s is refused, and the reason names the address', async (address) => {
  await using world = await openWorld({ lookup: async () => [address] })
  world.allow('name.test')
  const answer = await world.raw(connectTo('name.test:443'))
  expect(answer).toMatch(/^HTTP\/1\.1 403 [\s\S]*blocked-by-allowlist/)
  expect(world.events).toMatchObject([
    { allowed: false, reason: `name.test resolves to ${address}, which is not a public address` },
  ])
})

test('a wildcard with a port does not open private addresses', async () => {
  await using world = await openWorld()
  world.allow('*.name.test:8080')
  expect(await world.raw(connectTo('a.name.test:8080'))).toMatch(/^HTTP\/1\.1 403 /)
})

test('an address that is not listed is refused, however it is spelt', async () => {
  await using world = await openWorld()
  const port = await world.tcp((socket) => void socket.end('reached'))
  world.allow(`127.0.0.1:${port + 1}`)
  for (const host of ['127.0.0.1', '0x7f.1', '2130706433', '[::ffff:127.0.0.1]', 'localhost', '127.0.0.1.']) {
    expect(await world.raw(connectTo(`${host}:${port}`)), host).toMatch(/^HTTP\/1\.1 403 /)
  }
})

test('a listed address with its port is reached', async () => {
  await using world = await openWorld({ lookup: () => Promise.reject(new Error('must not be asked')) })
  const port = await world.tcp((socket) => void socket.end('reached'))
  world.allow(`127.0.0.1:${port}`)
  expect(await readAll(await world.tunnel(`127.0.0.1:${port}`))).toBe('reached')
})

test('host.docker.internal with a listed port reaches the loopback of the host without a lookup', async () => {
  await using world = await openWorld({ lookup: () => Promise.reject(new Error('must not be asked')) })
  const port = await world.tcp((socket) => void socket.end('reached'))
  world.allow(`host.docker.internal:${port}`)
  expect(await readAll(await world.tunnel(`host.docker.internal:${port}`))).toBe('reached')
})

/** A name server with a script, and a wire that shows which address was dialled and leads to `answer`. */
async function openScripted(scripted: string[][], answer: string) {
  const dialled: string[] = []
  let port = 0
  const world = await openWorld({
    lookup: async () => scripted.shift() ?? [],
    dial: (address) => {
      dialled.push(address)
      return connect({ host: '127.0.0.1', port, allowHalfOpen: true })
    },
  })
  port = await world.tcp((socket) => void socket.end(answer))
  world.allow('name.test')
  return Object.assign(world, { dialled })
}

test('a name is looked up once for each connection, and the address that was checked is dialled', async () => {
  await using world = await openScripted([['1.1.1.1'], ['2606:4700::1111']], 'reached')
  expect(await readAll(await world.tunnel('name.test:443'))).toBe('reached')
  expect(await readAll(await world.tunnel('name.test:443'))).toBe('reached')
  expect(world.dialled).toEqual(['1.1.1.1', '2606:4700::1111'])
})

test('a name that answers a public address first and a private one later is refused the second time', async () => {
  await using world = await openScripted([['1.1.1.1'], ['127.0.0.1']], 'reached')
  expect(await readAll(await world.tunnel('name.test:443'))).toBe('reached')
  expect(await world.raw(connectTo('name.test:443'))).toMatch(/^HTTP\/1\.1 403 /)
  expect(world.dialled).toEqual(['1.1.1.1'])
})

test('the same holds for requests on one kept-alive connection', async () => {
  const page = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
  await using world = await openScripted([['1.1.1.1'], ['127.0.0.1']], page)
  const request = 'GET http://name.test/ HTTP/1.1\r\nHost: name.test\r\n'
  const answer = await world.raw(`${request}\r\n${request}Connection: close\r\n\r\n`)
  expect([...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['200', '403'])
  expect(world.dialled).toEqual(['1.1.1.1'])
})

test('of a mixed answer only the public addresses are dialled', async () => {
  await using world = await openScripted([['127.0.0.1', '::1', '1.1.1.1']], 'reached')
  expect(await readAll(await world.tunnel('name.test:443'))).toBe('reached')
  expect(world.dialled).toEqual(['1.1.1.1'])
})

test('the next address is dialled when the first one does not take the connection', async () => {
  const dialled: string[] = []
  await using world = await openWorld({
    lookup: async () => ['1.1.1.1', '8.8.8.8'],
    dial: (address) => {
      dialled.push(address)
      return connect({ host: '127.0.0.1', port: address === '1.1.1.1' ? 1 : port, allowHalfOpen: true })
    },
  })
  const port = await world.tcp((socket) => void socket.end('reached'))
  world.allow('name.test')
  expect(await readAll(await world.tunnel('name.test:443'))).toBe('reached')
  expect(dialled).toEqual(['1.1.1.1', '8.8.8.8'])
})

test('a host that never takes the connection ends in a 504', async () => {
  await using world = await openWorld({ dial: () => new Socket(), limits: { connectTimeoutMs: 50 } })
  world.allow('name.test:443')
  expect(await world.raw(connectTo('name.test:443'))).toMatch(/^HTTP\/1\.1 504 [\s\S]*did not answer in time/)
})

test.each([
  ['rejects', () => Promise.reject(new Error('ENOTFOUND'))],
  ['finds nothing', async () => []],
  ['answers rubbish', async () => ['not an address']],
  ['never answers', () => new Promise<string[]>(() => {})],
])('a lookup that %s ends in a 502 with a sentence', async (_what, lookup) => {
  await using world = await openWorld({ lookup, limits: { connectTimeoutMs: 100 } })
  world.allow('name.test')
  expect(await world.raw(connectTo('name.test:443'))).toMatch(
    /^HTTP\/1\.1 502 [\s\S]*name\.test could not be resolved/,
  )
})

test('a policy that throws allows nothing', async () => {
  await using world = await openWorld({
    decide: () => {
      throw new Error('no policy')
    },
  })
  expect(await world.raw(connectTo('name.test:443'))).toMatch(/^HTTP\/1\.1 403 /)
  expect(world.events).toMatchObject([{ allowed: false }])
})
