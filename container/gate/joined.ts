/** One stream from a gate program, joined with the real doors. The program is not believed: it may have been taken over. */
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { createOutputSplitter } from '../docker/exec-output.ts'
import { createFrameReader, type Frame, FrameError, GATE_VERSION } from './frames.ts'
import { createLink } from './link.ts'

const HELLO_MS = 10_000
const MOST_COMPLAINT = 500

type Joined = {
  /** Resolves when the gate's doors are open; rejects when the stream ends before. */
  open: Promise<void>
  /** Resolves when the stream and all it carried are gone: whether it broke the rules, and how, and what it complained of. */
  ended: Promise<{ violation: string | null; said: string }>
}

/** `stream` is the raw one of an exec without a terminal; `folder` has the sockets that `doors` name. */
export function joinStream(stream: Duplex, folder: string, doors: readonly string[]): Joined {
  const greeted = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<{ violation: string | null; said: string }>()
  let isGreeted = false
  let violation: string | null = null
  let said = ''

  const link = createLink({
    doors: doors.length,
    connect: (door) => connect({ path: join(folder, doors[door] ?? ''), allowHalfOpen: true }),
    write(bytes) {
      if (stream.write(bytes)) return true
      // Who does not listen is not listened to either: that bounds what waits to be sent.
      stream.pause()
      return false
    },
  })

  function receive(frame: Frame): void {
    if (isGreeted) {
      link.receive(frame)
      return
    }
    if (frame.type !== 'hello') throw new FrameError('its first word was no hello')
    if (frame.version !== GATE_VERSION)
      throw new FrameError(`it speaks version ${frame.version}, and this program speaks ${GATE_VERSION}`)
    isGreeted = true
    greeted.resolve()
  }

  const split = createOutputSplitter({
    stdout: createFrameReader(receive),
    stderr: (bytes) => {
      said = (said + bytes.toString()).slice(0, MOST_COMPLAINT)
    },
  })
  const late = setTimeout(() => stream.destroy(), HELLO_MS)

  stream.on('data', (chunk: Buffer) => {
    if (violation !== null) return
    try {
      split(chunk)
    } catch (error) {
      violation = (error as Error).message
      stream.destroy()
    }
  })
  stream.on('drain', () => {
    stream.resume()
    link.drained()
  })
  stream.on('error', () => {})
  stream.on('end', () => stream.destroy())
  stream.on('close', () => {
    clearTimeout(late)
    link.close()
    greeted.reject(new Error(violation ?? (said.trim() || 'the gate program did not answer')))
    ended.resolve({ violation, said: said.trim() })
  })
  greeted.promise.then(
    () => clearTimeout(late),
    () => {},
  )
  return { open: greeted.promise, ended: ended.promise }
}
