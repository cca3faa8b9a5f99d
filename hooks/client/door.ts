/** The hook door as a script sees it: HTTP over the unix socket in the gate folder. */
import { request } from 'node:http'
import { join } from 'node:path'

/** The same name as in the protocol; a test keeps them equal. */
export const SOCKET_NAME = 'hooks.sock'

export type Reply = { status: number; body: unknown }

export type Door = (method: 'GET' | 'POST', path: string, body: unknown, timeoutMs: number) => Promise<Reply>

/** Rejects when nobody answers in time; any HTTP status resolves. */
export function createDoor(gate: string): Door {
  const socketPath = join(gate, SOCKET_NAME)
  return (method, path, body, timeoutMs) =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? '' : JSON.stringify(body)
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
      const call = request({ socketPath, method, path, headers, timeout: timeoutMs }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          try {
            const answer = Buffer.concat(chunks).toString('utf8')
            resolve({ status: response.statusCode ?? 0, body: answer === '' ? null : JSON.parse(answer) })
          } catch (error) {
            reject(error)
          }
        })
      })
      call.on('timeout', () => call.destroy(new Error(`no answer within ${timeoutMs} ms`)))
      call.on('error', reject)
      call.end(text)
    })
}
