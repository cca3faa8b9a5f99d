/** A server of nobody's that records requests and answers as it is told, and in every way in which a service can misbehave. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** `body` is the JSON, or the text where it is none, or the bytes of what is no text; null for an empty one. */
export type Received = { method: string; path: string; headers: IncomingHttpHeaders; body: unknown }
export type Reply =
  | { status: number; headers?: Record<string, string>; body?: unknown }
  /** A body that is no JSON. */
  | { status: number; text: string }
  /** A status, and then a body without end: slow, or as fast as it can. */
  | { status: number; endless: 'slow' | 'fast' }
  /** Answers by itself, now or later: a long poll, a stream. */
  | { by: (response: ServerResponse) => void }
  | 'no answer'
  | 'connection lost'

/** `answer` is how the service answers when nothing else is wanted of it. */
export async function startRecorder(
  answer: (request: Received) => Reply = () => ({ status: 200, body: {} }),
) {
  const received: Received[] = []
  const next: Reply[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    const text = bytes.toString('utf8')
    const isBinary = request.headers['content-type'] === 'application/octet-stream'
    const one = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: isBinary ? bytes : text === '' ? null : toBody(text),
    }
    received.push(one)
    reply(response, next.shift() ?? answer(one))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Every request, whatever came of it. */
    received,
    /** What the next requests are answered with instead. */
    next,
    /** Breaks off whatever goes on at the moment. */
    cut: (): void => server.closeAllConnections(),
    close(): Promise<void> {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

export type Recorder = Awaited<ReturnType<typeof startRecorder>>

function toBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function reply(response: ServerResponse, said: Reply): void {
  if (said === 'no answer') return
  if (said === 'connection lost') return void response.destroy()
  if ('text' in said) return void response.writeHead(said.status).end(said.text)
  if ('by' in said) return void said.by(response)
  if (!('endless' in said)) {
    response.writeHead(said.status, { 'content-type': 'application/json', ...said.headers })
    response.end(said.body === undefined ? '' : JSON.stringify(said.body))
    return
  }
  response.writeHead(said.status)
  if (said.endless === 'slow') return void response.write('{"status":')
  const more = () => {
    while (!response.destroyed && response.write('x'.repeat(16_384)));
  }
  response.on('drain', more).on('error', () => {})
  more()
}
