import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { openWorld, readAll } from './world.ts'

const echo = (socket: Socket) => void socket.pipe(socket)

describe('a tunnel', () => {
  test('carries bytes both ways to a listed host, and the decision is reported', async () => {
    await using world = await openWorld()
    const port = await world.tcp(echo)
    world.allow(`name.test:${port}`)
    const socket = await world.tunnel(`NAME.test.:${port}`)
    socket.end('hello')
    expect(await readAll(socket)).toBe('hello')
    const reason = `name.test:${port} is on the allowlist`
    expect(world.events).toEqual([{ host: 'name.test', port, allowed: true, reason, at: expect.any(Number) }])
  })

  test('to an unlisted host is refused with its name and with what to add', async () => {
    await using world = await openWorld({ lookup: () => Promise.reject(new Error('must not be asked')) })
    const answer = await world.raw('CONNECT Other.test:443 HTTP/1.1\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 403 Forbidden\r\nX-Proxy-Error: blocked-by-allowlist\r\n/)
    expect(answer).toContain('blocked other.test:443: other.test is not on the allowlist.')
    expect(answer).toContain('add other.test to network.allowed_domains')
    expect(world.events).toMatchObject([{ host: 'other.test', port: 443, allowed: false }])
  })

  test('to an odd port of a listed host is refused with host:port as what to add', async () => {
    await using world = await openWorld()
    world.allow('name.test')
    expect(await world.raw('CONNECT name.test:22 HTTP/1.1\r\n\r\n')).toMatch(/403[\s\S]*add name\.test:22 to/)
  })

  test.each([
    'name.test',
    'name.test:443@evil.test:443',
    'evil@name.test:443',
    'http://name.test:443',
    ':443',
    '*:443',
  ])('to %s is refused as no target', async (target) => {
    await using world = await openWorld()
    world.allow('name.test')
    const answer = await world.raw(`CONNECT ${target} HTTP/1.1\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(world.events.filter(({ allowed }) => allowed)).toEqual([])
  })

  test('passes on what came together with the CONNECT', async () => {
    await using world = await openWorld()
    const port = await world.tcp(echo)
    world.allow(`name.test:${port}`)
    const socket = world.open()
    socket.end(`CONNECT name.test:${port} HTTP/1.1\r\n\r\nearly bytes`)
    expect(await readAll(socket)).toBe('HTTP/1.1 200 Connection Established\r\n\r\nearly bytes')
  })

  test('lets one side stop sending while the other goes on', async () => {
    await using world = await openWorld()
    const port = await world.tcp(async (socket) => {
      const question = await readAll(socket)
      socket.end(`answer to ${question}`)
    })
    world.allow(`name.test:${port}`)
    const socket = await world.tunnel(`name.test:${port}`)
    socket.end('question')
    expect(await readAll(socket)).toBe('answer to question')
  })

  test('carries 32 MB each way at once without loss', async () => {
    await using world = await openWorld()
    const port = await world.tcp(echo)
    world.allow(`name.test:${port}`)
    const socket = await world.tunnel(`name.test:${port}`)
    const block = randomBytes(1024 * 1024)
    const sent = createHash('sha256')
    const received = createHash('sha256')
    const reading = (async () => {
      for await (const chunk of socket) received.update(chunk as Buffer)
    })()
    for (let count = 0; count < 32; count++) {
      sent.update(block)
      if (!socket.write(block)) await once(socket, 'drain')
    }
    socket.end()
    await reading
    expect(received.digest('hex')).toBe(sent.digest('hex'))
  })

  test('holds a sender back while the receiver does not read', async () => {
    await using world = await openWorld()
    const port = await world.tcp((socket) => void socket.pause())
    world.allow(`name.test:${port}`)
    const socket = await world.tunnel(`name.test:${port}`)
    const block = Buffer.alloc(1024 * 1024)
    let written = 0
    while (written < 64 && (socket.write(block) || (await drained(socket)))) written++
    expect(written).toBeLessThan(64)
  })

  test('whose client is gone is closed towards the host as soon as the host sends something', async () => {
    await using world = await openWorld()
    const { promise: closed, resolve } = Promise.withResolvers<void>()
    const port = await world.tcp((socket) => {
      const talk = setInterval(() => socket.write('more'), 5)
      socket.resume().once('close', () => {
        clearInterval(talk)
        resolve()
      })
    })
    world.allow(`name.test:${port}`)
    const socket = await world.tunnel(`name.test:${port}`)
    socket.destroy()
    await closed
  })

  test('that the host resets is closed towards the client', async () => {
    await using world = await openWorld()
    const port = await world.tcp((socket) => void socket.once('data', () => socket.resetAndDestroy()))
    world.allow(`name.test:${port}`)
    const socket = await world.tunnel(`name.test:${port}`)
    socket.write('x')
    socket.resume()
    await once(socket, 'end')
  })

  test('that stays silent is closed after the idle time', async () => {
    await using world = await openWorld({ limits: { idleTimeoutMs: 50 } })
    const port = await world.tcp((socket) => void socket.resume())
    world.allow(`name.test:${port}`)
    const socket = await world.tunnel(`name.test:${port}`)
    socket.resume()
    await once(socket, 'end')
  })

  test('to a port where nobody listens is refused as a failure, not as a block', async () => {
    await using world = await openWorld()
    world.allow('name.test:1')
    const answer = await world.raw('CONNECT name.test:1 HTTP/1.1\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 502 [\s\S]*X-Proxy-Error: connect-failed[\s\S]*ECONNREFUSED/)
  })
})

test('a hundred tunnels at once keep their bytes apart', async () => {
  await using world = await openWorld()
  const port = await world.tcp(echo)
  world.allow(`name.test:${port}`)
  const words = Array.from({ length: 100 }, (_, index) => `word ${index}`)
  const answers = await Promise.all(
    words.map(async (word) => {
      const socket = await world.tunnel(`name.test:${port}`)
      socket.end(word)
      return readAll(socket)
    }),
  )
  expect(answers).toEqual(words)
})

test('connections beyond the limit are closed, and the door works again when there is room', async () => {
  await using world = await openWorld({ limits: { maxConnections: 2 } })
  const port = await world.tcp(echo)
  world.allow(`name.test:${port}`)
  const first = await world.tunnel(`name.test:${port}`)
  const second = await world.tunnel(`name.test:${port}`)
  await expect(world.tunnel(`name.test:${port}`)).rejects.toThrow('closed before an answer')
  for (const socket of [first, second]) {
    socket.end()
    await readAll(socket)
  }
  await expect.poll(() => world.tunnel(`name.test:${port}`).catch(() => null)).not.toBeNull()
})

/** Whether the socket drained; false once it stays full. */
function drained(socket: Socket): Promise<boolean> {
  return Promise.race([
    once(socket, 'drain').then(() => true),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 300)),
  ])
}
