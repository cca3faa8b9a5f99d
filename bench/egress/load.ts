/**
 * Runs in a container: fetches and prints how long it took, in milliseconds.
 *
 *   load.ts PORT download CONNECTIONS BYTES   all at once: one number
 *   load.ts PORT requests COUNT BYTES         one after the other, a new connection each: the median
 *
 * With TARGET in the environment, PORT is a proxy's and the fetching goes through a tunnel to TARGET; with
 * FORWARD as well it goes without a tunnel, as plain HTTP does.
 */
import { connect } from 'node:net'

const [port, kind, count, bytes] = process.argv.slice(2)
const { TARGET: target, FORWARD: isForwarded } = process.env
// Read into one buffer: this end should cost as little as it can.
const buffer = Buffer.alloc(256 * 1024)

/** Milliseconds until the whole answer is there. */
function fetchOne(): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const get = (path: string) =>
      `GET ${path} HTTP/1.1\r\nHost: ${target ?? 'direct'}\r\nConnection: close\r\n\r\n`
    let isTunnel = target === undefined || isForwarded !== undefined
    let received = 0
    const socket = connect({
      host: '127.0.0.1',
      port: Number(port),
      noDelay: true,
      onread: {
        buffer,
        callback(length) {
          if (isTunnel) received += length
          else {
            if (!buffer.toString('latin1', 0, length).startsWith('HTTP/1.1 200 '))
              reject(new Error('no tunnel'))
            isTunnel = true
            socket.write(get(`/${bytes}`))
          }
          return true
        },
      },
    })
    socket.once('connect', () => {
      if (!isTunnel) socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`)
      else socket.write(get(isForwarded === undefined ? `/${bytes}` : `http://${target}/${bytes}`))
    })
    socket.once('error', reject)
    socket.once('close', () => {
      if (received < Number(bytes)) reject(new Error(`only ${received} bytes came`))
      resolve(performance.now() - start)
    })
  })
}

if (kind === 'download') {
  const start = performance.now()
  await Promise.all(Array.from({ length: Number(count) }, fetchOne))
  process.stdout.write(`${performance.now() - start}\n`)
} else {
  for (let at = 0; at < 50; at++) await fetchOne()
  const times: number[] = []
  for (let at = 0; at < Number(count); at++) times.push(await fetchOne())
  times.sort((left, right) => left - right)
  process.stdout.write(`${times[times.length >> 1]}\n`)
}
