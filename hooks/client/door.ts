/** The hook door as a script sees it: HTTP over the unix socket in the gate folder, or over TCP with a token. */
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'

/** The same name as in the protocol; a test keeps them equal. */
export const SOCKET_NAME = 'hooks.sock'

export type Reply = { status: number; body: unknown }

export type Door = (method: 'GET' | 'POST', path: string, body: unknown, timeoutMs: number) => Promise<Reply>

/** The gate folder that holds the door's socket, or where a door listens for tokens and the file that has ours. */
export type DoorAddress = { gate: string } | { url: string; tokenFile: string }

/** Rejects when nobody answers in time; any HTTP status resolves. */
export function createDoor(address: DoorAddress): Door {
  const target =
    'gate' in address ? { socketPath: join(address.gate, SOCKET_NAME) } : hostAndPort(address.url)
  return (method, path, body, timeoutMs) =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? '' : JSON.stringify(body)
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        ...('tokenFile' in address && {
          authorization: `Bearer ${readFileSync(address.tokenFile, 'utf8').trim()}`,
        }),
      }
      const call = request({ ...target, method, path, headers, timeout: timeoutMs }, (response) => {
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

function hostAndPort(url: string): { host: string; port: string } {
  const { hostname, port } = new URL(url)
  return { host: hostname.replace(/^\[|\]$/g, ''), port }
}
