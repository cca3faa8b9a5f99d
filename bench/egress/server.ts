/** The server that everything is fetched from: GET /BYTES answers with that many. Prints its port. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const block = Buffer.alloc(256 * 1024)

const server = createServer({ noDelay: true }, (request, response) => {
  let left = Number(request.url?.slice(1))
  response.setHeader('content-length', left)
  const send = () => {
    while (left > 0) {
      const part = block.subarray(0, left)
      left -= part.length
      if (!response.write(part)) return void response.once('drain', send)
    }
    response.end()
  }
  send()
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`))
