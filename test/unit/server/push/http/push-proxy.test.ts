/** Pushes by way of the proxy that the machine goes through. */
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PushProxy } from '../../../../../server/push/http/proxy.ts'
import { aPush, createServices } from '../create-services.ts'

let service: Server
let proxy: Server
let heard: string[]
let proxied: { line: string; login: string | undefined }[]
let status: number
const portOf = (server: Server) => (server.address() as AddressInfo).port

beforeEach(async () => {
  ;[heard, proxied, status] = [[], [], 200]
  service = createServer((request, response) => {
    heard.push(String(request.headers.host))
    request.resume()
    response.end('{}')
  })
  proxy = createServer((request, response) => {
    proxied.push({ line: `${request.method} ${request.url}`, login: request.headers['proxy-authorization'] })
    request.resume()
    response.writeHead(status).end('{}')
  })
  proxy.on('connect', (request, client: Socket) => {
    proxied.push({ line: `CONNECT ${request.url}`, login: request.headers['proxy-authorization'] })
    if (status !== 200) return client.end(`HTTP/1.1 ${status} No\r\n\r\n`)
    const target = connect(portOf(service), '127.0.0.1', () => client.write('HTTP/1.1 200 OK\r\n\r\n'))
    for (const one of [client, target]) one.on('error', () => {})
    client.pipe(target).pipe(client)
  })
  for (const server of [service, proxy]) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  }
})
afterEach(() => {
  for (const server of [service, proxy]) server.close().closeAllConnections()
})

async function sendTo(webhook_url: string, proxy: PushProxy) {
  const [service] = createServices({ webhook_url }, { proxy })
  return await service?.send(aPush())
}
function send(url: string, noProxy = '') {
  const address = `http://me:p%40ss@127.0.0.1:${portOf(proxy)}/`
  return sendTo(url, { http: address, https: address, noProxy })
}
const BASIC = `Basic ${Buffer.from('me:p@ss').toString('base64')}`

test('a plain service is asked for in absolute form, with the login of the proxy', async () => {
  await send('http://hooks.invalid/a')
  expect(proxied).toEqual([{ line: 'POST http://hooks.invalid/a', login: BASIC }])
})

test('a service over TLS is asked for by name', async () => {
  await expect(send('https://hooks.invalid/a')).rejects.toMatchObject({ code: 'push-unreachable' })
  expect(proxied).toEqual(Array(3).fill({ line: 'CONNECT hooks.invalid:443', login: BASIC }))
})

test.each(['127.0.0.1', 'localhost'])('%s is this machine and not the proxy’s', async (host) => {
  await send(`http://${host}:${portOf(service)}/`)
  expect({ proxied, heard: heard.length }).toEqual({ proxied: [], heard: 1 })
})

test('a service in NO_PROXY is reached directly', async () => {
  await expect(send('http://a.hooks.invalid/', 'x.test, hooks.invalid')).rejects.toMatchObject({
    code: 'push-unreachable',
  })
  expect(proxied).toEqual([])
})

test.each(['http', 'https'])(
  'a proxy that wants another login is told so over %s, without ours',
  async (scheme) => {
    status = 407
    const failed = await send(`${scheme}://hooks.invalid/`).catch((error: Error) => error.message)
    expect(failed).toContain('wants a user and a password (407)')
    expect(failed).not.toMatch(/p@ss|p%40ss/)
  },
)

test('a proxy that cannot be followed lets nothing past it', async () => {
  const problem = 'HTTPS_PROXY is not the address of a proxy'
  await expect(sendTo(`http://127.0.0.1:${portOf(service)}/`, { problem })).rejects.toThrow(problem)
  expect(heard).toEqual([])
})
