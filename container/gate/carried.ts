/** One carried connection: a socket on this side, frames to the other, and never more under way than was granted. */
import type { Socket } from 'node:net'
import { type Frame, FrameError, MAX_DATA } from './frames.ts'

/** Bytes that may be under way in each direction of one connection. */
export const WINDOW = 128 * 1024

/** What a data frame counts for at least: bytes sent one by one take up memory too. */
export const LEAST_COST = 256

/** Fewer bytes than this are not worth a frame that says they arrived. */
const CREDIT_STEP = WINDOW / 4

/** What a connection may use of the stream that all connections share. */
export type Shared = {
  send(frame: Frame): void
  /** The stream takes nothing at the moment; `pump` is called when it does again. */
  isFull(): boolean
  /** Both sides are done with this number. */
  forget(id: number): void
}

export type Carried = ReturnType<typeof carry>

/** Starts carrying. The socket must allow half-open; `receive` throws a FrameError for what the other side may not say. */
export function carry(id: number, socket: Socket, shared: Shared) {
  /** What may still be sent, and what the other side may still send. */
  let credit = WINDOW
  let allowance = WINDOW
  let passedOn = 0
  let hasSentClose = false
  let heardEnd = false
  let heardClose = false

  // Reads what there is credit for, so that the rest stays in the kernel and slows down whoever writes it.
  function pump(): void {
    while (credit >= LEAST_COST && !shared.isFull() && !heardClose) {
      const bytes: Buffer | null = socket.read(Math.min(socket.readableLength, credit, MAX_DATA))
      if (bytes === null) return
      credit -= costOf(bytes)
      shared.send({ type: 'data', id, bytes })
    }
  }

  function passOn(bytes: Buffer): void {
    allowance -= costOf(bytes)
    if (allowance < 0) throw new FrameError(`connection ${id} sent more than it was granted`)
    if (socket.destroyed) return
    socket.write(bytes, (error) => {
      passedOn += costOf(bytes)
      if (error || hasSentClose || heardEnd || passedOn < CREDIT_STEP) return
      allowance += passedOn
      shared.send({ type: 'credit', id, bytes: passedOn })
      passedOn = 0
    })
  }

  function close(): void {
    heardClose = true
    if (hasSentClose) shared.forget(id)
    // What was sent before an orderly end may still be on its way to a slow reader.
    if (heardEnd) socket.destroySoon()
    else socket.destroy()
  }

  socket.on('readable', pump)
  socket.on('end', () => shared.send({ type: 'end', id }))
  socket.on('error', () => {})
  socket.on('close', () => {
    hasSentClose = true
    shared.send({ type: 'close', id })
    if (heardClose) shared.forget(id)
  })

  return {
    pump,
    destroy: () => void socket.destroy(),

    receive(frame: Extract<Frame, { type: 'data' | 'end' | 'close' | 'credit' }>): void {
      if (heardClose) throw new FrameError(`connection ${id} goes on after its close`)
      if (heardEnd && (frame.type === 'data' || frame.type === 'end'))
        throw new FrameError(`connection ${id} goes on after its end`)
      switch (frame.type) {
        case 'data':
          passOn(frame.bytes)
          break
        case 'end':
          heardEnd = true
          socket.end()
          break
        case 'close':
          close()
          break
        case 'credit':
          credit += frame.bytes
          if (frame.bytes === 0 || credit > WINDOW)
            throw new FrameError(`connection ${id} grants more than it was sent`)
          pump()
      }
    },
  }
}

function costOf(bytes: Buffer): number {
  return Math.max(bytes.length, LEAST_COST)
}
