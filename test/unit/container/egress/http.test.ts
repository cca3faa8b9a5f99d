import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { openWorld, readAll } from './world.ts'

async function openWeb(handler: Parameters<Awaited<ReturnType<typeof openWorld>>['http']>[0]) {
  const world = await openWorld()
  const port = await world.http(handler)
  world.allow(`web.test:${port}`)
  return Object.assign(world, { port, origin: `http://web.test:${port}` })
}

const show = (request: IncomingMessage) =>
  JSON.stringify({ url: request.url, method: request.method, headers: request.headers })

describe('a plain request', () => {
  test('arrives with its path untouched and the Host of its URL, and without what concerns the proxy', async () => {
    await using web = await openWeb((request, response) => response.end(show(request)))
    const headers = {
      host: 'other.test',
      'proxy-authorization': 'Basic eA==',
      'proxy-connection': 'keep-alive',
      connection: 'keep-alive, x-private',
      'x-private': '1',
      'x-kept': '2',
      te: 'trailers',
    }
    const { status, body } = await web.get(`${web.origin}/a/../b%2F|?q=1&r`, { headers })
    expect(status).toBe(200)
    expect(JSON.parse(body)).toEqual({
      url: '/a/../b%2F|?q=1&r',
      method: 'GET',
      headers: { host: `web.test:${web.port}`, 'x-kept': '2', connection: 'close' },
    })
  })

  test('to an unlisted host is refused with a text that says what to add', async () => {
    await using web = await openWeb((_request, response) => response.end())
    const { status, headers, body } = await web.get('http://Other.test/path')
    expect(status).toBe(403)
    expect(headers['x-proxy-error']).toBe('blocked-by-allowlist')
    expect(body).toContain('blocked other.test:80: other.test is not on the allowlist')
    expect(body).toContain('add other.test to network.allowed_domains')
  })

  test.each([
    '/path',
    'https://web.test/',
    'ftp://web.test/',
    'http://user@web.test/',
    'http:///x',
    'http://web.test:0/',
  ])('for %s gets a 400 with a sentence', async (url) => {
    await using web = await openWeb((_request, response) => response.end())
    const { status, body } = await web.get(url)
    expect(status).toBe(400)
    expect(body).toMatch(/^[A-Z].*\.\n$/)
  })

  test('with a backslash trick is not sent to the host after it', async () => {
    await using web = await openWeb((_request, response) => response.end('reached'))
    const answer = await web.raw(
      `GET http://evil.test\\@web.test:${web.port}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
  })

  test('to open a web socket is refused, other upgrades go on without', async () => {
    await using web = await openWeb((request, response) => response.end(show(request)))
    const upgrade = (to: string) => ({ headers: { connection: 'Upgrade', upgrade: to } })
    expect((await web.get(web.origin, upgrade('websocket'))).status).toBe(501)
    const { status, body } = await web.get(web.origin, upgrade('h2c'))
    expect([status, JSON.parse(body).headers.upgrade]).toEqual([200, undefined])
  })

  test('keeps its body whole, framed by length or in chunks, whatever the method', async () => {
    await using web = await openWeb(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      response.end(`${request.method} ${body.length}`)
    })
    const body = randomBytes(500_000).toString('hex')
    expect((await web.get(web.origin, { method: 'POST', body })).body).toBe(`POST ${body.length}`)
    expect(
      (await web.get(web.origin, { method: 'DELETE', body, headers: { 'transfer-encoding': 'chunked' } }))
        .body,
    ).toBe(`DELETE ${body.length}`)
    const named = { 'content-length': '5', connection: 'content-length' }
    expect((await web.get(web.origin, { method: 'DELETE', body: 'abcde', headers: named })).body).toBe(
      'DELETE 5',
    )
  })

  test('streams its answer as it comes', async () => {
    const { promise: seen, resolve: sawFirst } = Promise.withResolvers<void>()
    await using web = await openWeb(async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.flushHeaders()
      response.write('data: first\n\n')
      await seen
      response.end('data: second\n\n')
    })
    const socket = web.open()
    socket.write(`GET ${web.origin}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    let text = ''
    for await (const chunk of socket) {
      text += chunk
      if (text.includes('first')) sawFirst()
    }
    expect(text).toMatch(/text\/event-stream[\s\S]*first[\s\S]*second/)
  })

  test('whose answer breaks off looks broken to the client too', async () => {
    await using web = await openWeb((_request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('part', () => response.destroy())
    })
    await expect(web.get(web.origin)).rejects.toThrow()
  })

  test('that the client gives up is given up at the host', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>()
    await using web = await openWeb((_request, response) => {
      response.write('begun')
      response.once('close', resolve)
    })
    const socket = web.open()
    socket.write(`GET ${web.origin}/ HTTP/1.1\r\nHost: x\r\n\r\n`)
    await once(socket, 'data')
    socket.destroy()
    await closed
  })

  test('answered before its body was read leaves the connection usable', async () => {
    await using web = await openWeb((_request, response) => {
      response.writeHead(413, { connection: 'close' }).end('too large')
    })
    const body = 'x'.repeat(2_000_000)
    const answer = await web.raw(
      `POST ${web.origin}/ HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}` +
        'GET /end HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    )
    expect(answer).toMatch(/HTTP\/1\.1 (413|502) [\s\S]*HTTP\/1\.1 400 /)
  })

  test('answered with something that is not HTTP ends in a 502', async () => {
    await using world = await openWorld()
    const port = await world.tcp((socket) => void socket.end(randomBytes(200)))
    world.allow(`web.test:${port}`)
    const { status, body } = await world.get(`http://web.test:${port}/`)
    expect([status, body]).toEqual([502, expect.stringContaining('did not answer in HTTP')])
  })
})

describe('a request made to confuse', () => {
  test.each([
    ['both lengths', 'Content-Length: 5\r\nTransfer-Encoding: chunked'],
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 6'],
    ['an unknown coding', 'Transfer-Encoding: xchunked'],
    ['a length with a sign', 'Content-Length: +5'],
    ['a folded header', 'X-A: 1\r\n folded'],
    ['a space before the colon', 'Content-Length : 5'],
    ['a bare CR', 'X-A: 1\rContent-Length: 5'],
  ])('with %s never reaches a host', async (_what, header) => {
    const arrived: string[] = []
    await using web = await openWeb((request, response) => {
      arrived.push(request.url ?? '')
      response.end()
    })
    const bytes = `POST ${web.origin}/first HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n0\r\n\r\nGET ${web.origin}/second HTTP/1.1\r\n\r\n`
    expect(await web.raw(bytes)).toMatch(/^HTTP\/1\.1 400 /)
    expect(arrived).not.toContain('/second')
  })

  test('with headers beyond the limit is refused, and the door stays open', async () => {
    await using web = await openWeb((_request, response) => response.end('fine'))
    const answer = await web.raw(`GET ${web.origin}/ HTTP/1.1\r\nX-Long: ${'x'.repeat(200_000)}\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 431 /)
    expect((await web.get(web.origin)).body).toBe('fine')
  })

  test('of random bytes is refused, and the door stays open', async () => {
    await using web = await openWeb((_request, response) => response.end('fine'))
    for (let size = 1; size < 100_000; size *= 5) {
      const socket = web.open()
      socket.end(randomBytes(size))
      await readAll(socket).catch(() => '')
    }
    expect((await web.get(web.origin)).body).toBe('fine')
    expect(web.problems).toEqual([])
  })
})

test('the socket takes the place of a stale file and can be used by any uid', async () => {
  const { statSync, mkdtempSync, rmSync, writeFileSync } = await import('node:fs')
  const { createEgressProxy } = await import('../../../../container/egress/proxy.ts')
  await using world = await openWorld()
  expect(statSync(world.socketPath).mode & 0o777).toBe(0o666)

  const another = () =>
    createEgressProxy({ decide: () => ({ allowed: false, reason: 'no', rule: null }), log: () => {} })
  await expect(another().listen(world.socketPath)).rejects.toMatchObject({ code: 'socket-in-use' })
  await expect(another().listen(`/tmp/${'x'.repeat(100)}`)).rejects.toMatchObject({
    code: 'socket-path-too-long',
  })

  const folder = mkdtempSync('/tmp/egress-file-')
  writeFileSync(`${folder}/egress.sock`, 'mine')
  await expect(another().listen(`${folder}/egress.sock`)).rejects.toMatchObject({ code: 'not-a-socket' })
  await expect(another().listen(`${folder}/none/egress.sock`)).rejects.toMatchObject({
    code: 'egress-door-closed',
  })
  rmSync(folder, { recursive: true })
})

test('closing the proxy ends open tunnels and removes the socket', async () => {
  const { existsSync } = await import('node:fs')
  await using world = await openWorld()
  const port = await world.tcp((socket) => void socket.resume())
  world.allow(`web.test:${port}`)
  const tunnel = await world.tunnel(`web.test:${port}`)
  tunnel.resume()
  await Promise.all([once(tunnel, 'end'), world.proxy.close()])
  expect(existsSync(world.socketPath)).toBe(false)
  await expect(once(connect(world.socketPath), 'connect')).rejects.toThrow()
})
