/** Egress by way of the proxy that the machine itself goes through: real proxies on loopback, good ones and hostile ones. */
import { connect, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { readHostProxy } from '../../../../container/egress/host-proxy.ts'
import { openWorld, readAll } from './world.ts'

type World = Awaited<ReturnType<typeof openWorld>>

/** A proxy in a world of its own, so that the world under test can be told its address. */
async function openProxy(answer: (head: string, client: Socket) => void) {
  const heads: string[] = []
  const world = await openWorld()
  const port = await world.tcp((client) => {
    client.once('data', (chunk) => {
      heads.push(chunk.toString('latin1'))
      answer(heads.at(-1) ?? '', client)
    })
  })
  return { world, port, heads, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() }
}

/** Behind a proxy, with a resolver that knows nothing unless told. */
const behind = (port: number, options: Parameters<typeof openWorld>[0] = {}, env = {}): Promise<World> =>
  openWorld({
    lookup: () => Promise.reject(new Error('no DNS here')),
    hostProxy: readHostProxy({
      HTTP_PROXY: `http://me:p%40ss@127.0.0.1:${port}`,
      HTTPS_PROXY: `http://me:p%40ss@127.0.0.1:${port}`,
      ...env,
    }),
    ...options,
  })

const BASIC = `Basic ${Buffer.from('me:p@ss').toString('base64')}`

/** Connects to a server of the test whatever was asked for, as a proxy with its own resolver would. */
const joinTo = (port: number) => (_: string, client: Socket) => {
  const target = connect(port, '127.0.0.1', () => client.write('HTTP/1.1 200 OK\r\nVia: test\r\n\r\n'))
  target.on('error', () => client.destroy())
  client.pipe(target).pipe(client)
}

describe('a listed host', () => {
  test.each(['name.test', 'sub.wild.test'])(
    '%s is reached by name, which the proxy resolves',
    async (host) => {
      await using far = await openWorld()
      const echo = await far.tcp((socket) => void socket.pipe(socket))
      await using proxy = await openProxy(joinTo(echo))
      await using world = await behind(proxy.port)
      world.allow('name.test')
      world.allow('*.wild.test')
      const socket = await world.tunnel(`${host}:443`)
      socket.end('hello')
      expect(await readAll(socket)).toBe('hello')
      expect(proxy.heads).toEqual([
        `CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}:443\r\nProxy-Authorization: ${BASIC}\r\nConnection: close\r\n\r\n`,
      ])
      expect(world.events).toMatchObject([{ host, allowed: true }])
      expect(world.events[0]?.reason).toMatch(/is on the allowlist, by way of http:\/\/127\.0\.0\.1:\d+$/)
    },
  )

  test('in a plain request goes there in absolute form, with our password and not the client’s', async () => {
    await using proxy = await openProxy((_, client) =>
      client.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'),
    )
    await using world = await behind(proxy.port)
    world.allow('name.test')
    const headers = { 'Proxy-Authorization': 'Basic dGhlaXJz' }
    expect(await world.get('http://name.test/a?b', { headers })).toMatchObject({ status: 200, body: 'ok' })
    expect(proxy.heads[0]).toMatch(/^GET http:\/\/name\.test\/a\?b HTTP\/1\.1\r\n/)
    expect(proxy.heads[0]).toContain(`Proxy-Authorization: ${BASIC}\r\n`)
    expect(proxy.heads[0]).not.toContain('dGhlaXJz')
  })

  test('in NO_PROXY is dialled directly, with the check of its address', async () => {
    await using proxy = await openProxy((_, client) => client.destroy())
    const env = { NO_PROXY: 'near.test' }
    await using world = await behind(proxy.port, { lookup: async () => ['127.0.0.1'] }, env)
    const port = await world.http((_, response) => response.end('near'))
    world.allow('near.test')
    world.allow(`near.test:${port}`)
    expect((await world.get(`http://near.test:${port}/`)).body).toBe('near')
    expect((await world.get('http://near.test/')).body).toContain('not a public address')
    expect(proxy.heads).toEqual([])
  })
})

describe('what never reaches the proxy', () => {
  test.each(['other.test:443', 'name.test:22'])('%s, which is not listed', async (target) => {
    await using proxy = await openProxy((_, client) => client.destroy())
    await using world = await behind(proxy.port)
    world.allow('name.test')
    expect(await world.raw(`CONNECT ${target} HTTP/1.1\r\n\r\n`)).toMatch(/^HTTP\/1\.1 403 /)
    expect(proxy.heads).toEqual([])
  })

  test('a name for something near, which the proxy would take for its own neighbour', async () => {
    await using proxy = await openProxy((_, client) => client.destroy())
    await using world = await behind(proxy.port, { lookup: async () => ['127.0.0.1'] })
    world.allow('localhost')
    expect(await world.raw('CONNECT localhost:443 HTTP/1.1\r\n\r\n')).toContain('not a public address')
    expect(proxy.heads).toEqual([])
  })
})

describe('a host that a person said yes to, and no list names', () => {
  const yes = async () =>
    ({ allowed: true, reason: 'you approved it', rule: 'asked', mayBePrivate: false, address: null }) as const

  test.each(['tunnel', 'request'])('goes to the proxy by the address that was checked: %s', async (form) => {
    await using far = await openWorld()
    const port = await far.http((_, response) => response.end('there'))
    await using proxy = await openProxy(joinTo(port))
    await using world = await behind(proxy.port, { decide: yes, lookup: async () => ['93.184.216.34'] })
    if (form === 'tunnel') (await world.tunnel('new.test:443')).destroy()
    else expect((await world.get('http://new.test/')).body).toBe('there')
    expect(proxy.heads[0]).toMatch(/^CONNECT 93\.184\.216\.34:(443|80) /)
  })

  test('is refused where it leads to a private address, or where only the proxy could tell', async () => {
    await using proxy = await openProxy((_, client) => client.destroy())
    await using inside = await behind(proxy.port, { decide: yes, lookup: async () => ['10.0.0.7'] })
    expect(await inside.raw('CONNECT new.test:443 HTTP/1.1\r\n\r\n')).toContain('not a public address')
    await using blind = await behind(proxy.port, { decide: yes })
    expect(await blind.raw('CONNECT new.test:443 HTTP/1.1\r\n\r\n')).toContain('could not be resolved')
    expect(proxy.heads).toEqual([])
  })
})

describe('a proxy that', () => {
  const CASES: [string, (head: string, client: Socket) => void, RegExp][] = [
    [
      'wants a login',
      (_, client) => client.end('HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm="give me"\r\n\r\n'),
      /^HTTP\/1\.1 502 [\s\S]*user and a password/,
    ],
    [
      'refuses',
      (_, client) => client.end('HTTP/1.1 403 <b>evil words</b>\r\n\r\nevil words'),
      /^HTTP\/1\.1 502 [\s\S]*it answered 403/,
    ],
    [
      'says no HTTP',
      (_, client) => client.end('SSH-2.0-OpenSSH_9.2\r\n'),
      /^HTTP\/1\.1 502 [\s\S]*as a proxy does/,
    ],
    ['hangs up', (_, client) => client.destroy(), /^HTTP\/1\.1 502 [\s\S]*as a proxy does/],
    [
      'sends headers without end',
      (_, client) => void client.write(`HTTP/1.1 200 OK\r\nA: ${'a'.repeat(64 * 1024)}`),
      /^HTTP\/1\.1 502 [\s\S]*as a proxy does/,
    ],
    [
      'sends an interim answer, which is none',
      (_, client) => client.end('HTTP/1.1 102 Processing\r\n\r\n'),
      /^HTTP\/1\.1 502 [\s\S]*it answered 102/,
    ],
    ['says nothing', () => {}, /^HTTP\/1\.1 504 [\s\S]*in time/],
  ]

  test.each(CASES)('%s gives no tunnel, but a sentence without its words', async (_, answer, expected) => {
    await using proxy = await openProxy(answer)
    await using world = await behind(proxy.port, { limits: { connectTimeoutMs: 400 } })
    world.allow('name.test')
    const told = await world.raw('CONNECT name.test:443 HTTP/1.1\r\n\r\n')
    expect(told).toMatch(expected)
    expect(told).not.toMatch(/evil|give me|p@ss|p%40ss|127\.0\.0\.1/)
  })

  test('wants a login says so for a plain request too', async () => {
    await using proxy = await openProxy(CASES[0]?.[1] ?? (() => {}))
    await using world = await behind(proxy.port)
    world.allow('name.test')
    const { status, headers, body } = await world.get('http://name.test/')
    expect({ status, body }).toMatchObject({
      status: 502,
      body: expect.stringContaining('user and a password'),
    })
    expect(headers['proxy-authenticate']).toBeUndefined()
  })

  test('is not there, or not understood, lets nothing past it', async () => {
    for (const url of ['http://127.0.0.1:1', 'socks5://127.0.0.1:1']) {
      await using world = await openWorld({ hostProxy: readHostProxy({ HTTPS_PROXY: url }) })
      world.allow('name.test')
      expect(await world.raw('CONNECT name.test:443 HTTP/1.1\r\n\r\n')).toMatch(
        /^HTTP\/1\.1 502 [\s\S]*[Pp]roxy/,
      )
    }
  })
})
