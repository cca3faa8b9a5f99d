/** A responder that answers at the owner's socket as it is told, for tests of commands. */
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname } from 'node:path'
import { ownPaths } from '../../../../setup/paths.ts'

type Answer = (given: { method: string; path: string; body: unknown }) => unknown

/** `asked` holds every request as `POST /path`. An answer of undefined is an empty one, an error a problem of that code. */
export async function startOwnerServer(env: NodeJS.ProcessEnv, answer: Answer) {
  const asked: string[] = []
  const { ownerSocket } = ownPaths(env)
  mkdirSync(dirname(ownerSocket), { recursive: true })
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const [method = '', path = ''] = [request.method, request.url]
    asked.push(`${method} ${path}`)
    try {
      const said = answer({ method, path, body: text === '' ? null : JSON.parse(text) })
      response.writeHead(said === undefined ? 204 : 200).end(said === undefined ? '' : JSON.stringify(said))
    } catch (error) {
      const { code = 'internal', message } = error as { code?: string; message: string }
      response.writeHead(409).end(JSON.stringify({ error: { code, message } }))
    }
  })
  await new Promise<void>((resolve) => server.listen(ownerSocket, resolve))
  return {
    asked,
    close(): void {
      server.closeAllConnections()
      server.close()
    },
  }
}
