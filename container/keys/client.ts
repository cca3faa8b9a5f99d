/** One connection to the key door: its messages, one after another, and their answers. */
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { createSplitter, MAX_MESSAGE_BYTES, MalformedMessage, MESSAGE, toFrame } from './wire.ts'

/** The answer to one message. Rejects with `MalformedMessage` and nothing else. */
export type Respond = (message: Buffer, gone: AbortSignal) => Promise<Buffer>

export const FAILURE = Buffer.from([MESSAGE.failure])

/**
 * Serves `socket` until it closes, falls silent for `idleTimeoutMs` while nothing is being answered, or sends what is no
 * message. Reads on while it answers, because only so it learns that the client has hung up.
 */
export function serveClient(socket: Socket, respond: Respond, idleTimeoutMs: number): void {
  const gone = new AbortController()
  const split = createSplitter()
  let queued = 0
  let last = Promise.resolve()

  async function answer(message: Buffer): Promise<void> {
    if (gone.signal.aborted) return
    const response = await respond(message, gone.signal)
    queued -= message.length
    if (gone.signal.aborted || socket.write(toFrame(response))) return
    await once(socket, 'drain', { signal: gone.signal })
  }

  function refuse(error: unknown): void {
    gone.abort()
    if (error instanceof MalformedMessage) socket.end(toFrame(FAILURE), () => socket.destroy())
    else socket.destroy()
  }

  socket.on('data', (chunk) => {
    if (gone.signal.aborted) return
    try {
      for (const message of split(chunk)) {
        queued += message.length
        // Real clients wait for each answer; this one fills our memory.
        if (queued > 2 * MAX_MESSAGE_BYTES) throw new MalformedMessage('too much is sent ahead')
        last = last.then(() => answer(message)).catch(refuse)
      }
    } catch (error) {
      refuse(error)
    }
  })
  socket.on('close', () => gone.abort())
  socket.on('error', () => socket.destroy())
  socket.setTimeout(idleTimeoutMs, () => {
    if (queued === 0 || gone.signal.aborted) socket.destroy()
  })
}
