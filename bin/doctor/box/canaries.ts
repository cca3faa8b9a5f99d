/** Listeners of the host that nothing in a box may reach. Each sends the secret to whoever connects, and notes it. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, createServer, type ListenOptions, type Server } from 'node:net'
import { networkInterfaces } from 'node:os'
import { CommandError } from '../../cli/errors.ts'

export type Canaries = Awaited<ReturnType<typeof startCanaries>>

type Where = { secret: string; socketPath: string; abstractSocket: string }

/** Starts them all and makes sure that the host itself reaches each: what is stopped is not what is not there. */
export async function startCanaries({ secret, socketPath, abstractSocket }: Where) {
  const touched: string[] = []
  const servers: Server[] = []

  const open = async (what: string, where: ListenOptions): Promise<number> => {
    const server = createServer((socket) => {
      touched.push(`${what}, from ${socket.remoteAddress ?? 'a unix socket'}`)
      socket.on('error', () => {})
      socket.end(secret)
    })
    server.listen(where)
    await once(server, 'listening')
    servers.push(server)
    return (server.address() as AddressInfo).port ?? 0
  }

  const everywhere = await open('the listener on 0.0.0.0', { host: '0.0.0.0', port: 0 })
  const has6 = await open('the listener on ::', { host: '::', port: everywhere, ipv6Only: true }).catch(
    () => null,
  )
  const loopback = await open('the listener on 127.0.0.1', { host: '127.0.0.1', port: 0 })
  const hasLoopback6 = await open('the listener on ::1', { host: '::1', port: loopback }).catch(() => null)
  await open('the unix socket', { path: socketPath })
  // Only Linux has them.
  const hasAbstract = process.platform === 'linux'
  if (hasAbstract) await open('the abstract unix socket', { path: `\0${abstractSocket}` })

  const udp = createSocket('udp4')
  udp.on('message', (_, from) => {
    touched.push(`the listener on UDP, from ${from.address}`)
    udp.send(secret, from.port, from.address)
  })
  udp.bind(0)
  await once(udp, 'listening')

  /** Every request that came, as a lenient server understands it: the Host it was for. */
  const hosts: string[] = []
  const listed = createHttpServer({ insecureHTTPParser: true }, (request, response) => {
    hosts.push(request.headers.host ?? '')
    request.resume()
    if (request.url === '/redirect') response.setHeader('location', `http://127.0.0.1:${loopback}/`)
    response.writeHead(request.url === '/redirect' ? 302 : 200).end('listed')
  })
  listed.listen(0, '127.0.0.1')
  await once(listed, 'listening')

  const addresses = Object.values(networkInterfaces())
    .flatMap((found) => found ?? [])
    .filter(
      ({ internal, family, address }) =>
        !internal && (family === 'IPv4' || (has6 !== null && !address.startsWith('fe80'))),
    )
    .map(({ address }) => address)

  const reach = [
    ...['127.0.0.1', ...addresses].map((host) => ({ host, port: everywhere })),
    { host: '127.0.0.1', port: loopback },
    ...(hasLoopback6 === null ? [] : [{ host: '::1', port: loopback }]),
    { path: socketPath },
    ...(hasAbstract ? [{ path: `\0${abstractSocket}` }] : []),
  ]
  const missing = (
    await Promise.all(reach.map(async (to) => ((await hears(to, secret)) ? [] : [JSON.stringify(to)])))
  ).flat()
  if (missing.length > 0) {
    throw new CommandError(
      'canary-silent',
      `Listeners made for the attempts cannot be reached from this machine itself: ${missing.join(', ')}.`,
      'Look for a firewall that keeps the machine from its own addresses.',
    )
  }
  touched.length = 0

  return {
    addresses,
    ports: { everywhere, loopback, udp: udp.address().port, listed: (listed.address() as AddressInfo).port },
    /** What has been reached since it was last asked. */
    takeTouched: () => touched.splice(0),
    takeHosts: () => hosts.splice(0),
    close: async () => {
      udp.close()
      listed.closeAllConnections()
      for (const server of [...servers, listed]) await new Promise((resolve) => server.close(resolve))
    },
  }
}

function hears(to: { host: string; port: number } | { path: string }, secret: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(to)
    let heard = ''
    socket.setTimeout(3_000, () => socket.destroy())
    socket.on('data', (chunk) => {
      heard += chunk
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(heard === secret))
  })
}
