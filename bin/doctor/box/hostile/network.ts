/** Sockets as attempts use them: bounded in time, closed in the end, and with an errno when they fail. */
import { createSocket } from 'node:dgram'
import { connect, type NetConnectOpts } from 'node:net'

const PATIENCE_MS = 2_500

/** Connects, sends `bytes` and gives what comes back until the other side ends or falls silent. */
export function talk(
  to: NetConnectOpts,
  bytes: string | Buffer = '',
  patienceMs = PATIENCE_MS,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let isConnected = false
    const socket = connect(to)
    const finish = () => {
      socket.destroy()
      resolve(Buffer.concat(chunks))
    }
    socket.setTimeout(patienceMs, () => (isConnected ? finish() : fail(timeOut(patienceMs))))
    const fail = (error: Error) => {
      socket.destroy()
      if (chunks.length > 0) resolve(Buffer.concat(chunks))
      else reject(error)
    }
    socket.on('connect', () => {
      isConnected = true
      if (bytes.length > 0) socket.write(bytes)
    })
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('end', finish)
    socket.on('error', fail)
  })
}

/** Sends one datagram and gives the answer. Rejects when it cannot be sent or nobody answers. */
export function datagram(address: string, port: number, bytes: Buffer): Promise<Buffer> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
  return new Promise<Buffer>((resolve, reject) => {
    const timer = setTimeout(() => reject(timeOut(PATIENCE_MS)), PATIENCE_MS)
    socket.once('close', () => clearTimeout(timer))
    socket.once('error', reject)
    socket.once('message', resolve)
    const fail = (error: Error | null | undefined) => error && reject(error)
    socket.bind(() => {
      const isToMany = address.endsWith('.255') || address.startsWith('224.')
      if (isToMany) {
        socket.setBroadcast(true)
        return socket.send(bytes, port, address, fail)
      }
      // Connected, so that a refusal by the kernel comes back to us.
      socket.connect(port, address, ((error?: Error) =>
        error ? reject(error) : socket.send(bytes, fail)) as () => void)
    })
  }).finally(() => socket.close())
}

function timeOut(ms: number): Error {
  return Object.assign(new Error(`nothing came back within ${ms} ms`), { code: 'ETIMEDOUT' })
}

/** A DNS question for the TXT record of `name` (RFC 1035, section 4). */
export function dnsQuestion(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)]))
  const header = Buffer.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0])
  return Buffer.concat([header, ...labels, Buffer.from([0, 0, 16, 0, 1])])
}
