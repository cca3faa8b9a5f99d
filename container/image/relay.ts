/**
 * Runs inside the container: carries connections from 127.0.0.1:3128, where tools look for a proxy, to the egress door
 * on a mounted unix socket. It decides nothing. It prints one line as soon as it listens.
 *
 *   relay [SOCKET] [PORT]
 */
import { connect, createServer } from 'node:net'

const socketPath = process.argv[2] ?? process.env.RC_EGRESS_SOCKET ?? '/run/remote-claude/gate/egress.sock'
const port = Number(process.argv[3] ?? process.env.RC_RELAY_PORT ?? 3128)

const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const door = connect({ path: socketPath, allowHalfOpen: true })
  for (const [from, to] of [
    [client, door],
    [door, client],
  ] as const) {
    from.pipe(to)
    from.on('error', () => from.destroy())
    from.on('close', () => {
      if (!from.readableEnded || !from.writableFinished) to.destroy()
    })
  }
})

server.on('error', (error) => {
  // Running out of file descriptors is reported here too, and passes.
  if (server.listening) return
  process.stderr.write(`The relay to the network could not listen on 127.0.0.1:${port}: ${error.message}.\n`)
  process.exit(1)
})
server.listen(port, '127.0.0.1', () => process.stdout.write('listening\n'))
// Whoever waited for that line may have gone.
process.stdout.on('error', () => {})
