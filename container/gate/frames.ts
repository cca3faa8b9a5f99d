/**
 * What a gate container and the responder say to each other over one stream. Pure; both ends use this file.
 *
 *   type (1 byte) · connection (4) · length (4) · payload      numbers big-endian
 *
 * By hand, for the other end is a container's: each length is judged before a byte is kept, and each state that may not be
 * ends the stream. A multiplexer for peers that trust each other promises neither.
 */

/** Both ends must be of the same version; the image may be older than the program. */
export const GATE_VERSION = 1

/** Most bytes of one data frame. */
export const MAX_DATA = 64 * 1024

export type Frame =
  /** The gate's first word: all its doors are open. */
  | { type: 'hello'; version: number }
  /** Somebody connected to a door, which is an index into the list both ends were given. */
  | { type: 'open'; id: number; door: number }
  | { type: 'data'; id: number; bytes: Buffer }
  /** This side sends nothing more; it still listens. */
  | { type: 'end'; id: number }
  /** This side's connection is gone. The number is free when both sides have said so, and is not used again. */
  | { type: 'close'; id: number }
  /** So many bytes were passed on, and as many more may be sent. */
  | { type: 'credit'; id: number; bytes: number }

/** The other end said what it may not say. */
export class FrameError extends Error {
  override name = 'FrameError'
}

const TYPES = ['hello', 'open', 'data', 'end', 'close', 'credit'] as const
const HEADER_BYTES = 9

export function encodeFrame(frame: Frame): Buffer {
  const payload = payloadOf(frame)
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt8(TYPES.indexOf(frame.type), 0)
  header.writeUInt32BE('id' in frame ? frame.id : 0, 1)
  header.writeUInt32BE(payload.length, 5)
  return Buffer.concat([header, payload])
}

/**
 * Takes bytes in whatever pieces they come and hands on whole frames. Throws a FrameError at the first byte that
 * cannot be right; nothing can be read after it. Holds at most one frame.
 */
export function createFrameReader(onFrame: (frame: Frame) => void): (chunk: Buffer) => void {
  let wanted = Buffer.alloc(HEADER_BYTES)
  let filled = 0
  let header: Header | null = null

  return (chunk) => {
    let at = 0
    while (at < chunk.length) {
      const copied = chunk.copy(wanted, filled, at)
      at += copied
      filled += copied
      if (filled < wanted.length) return
      const full = wanted
      if (header === null) {
        header = readHeader(full)
        wanted = Buffer.allocUnsafe(header.length)
        filled = 0
        if (header.length > 0) continue
      }
      const { type, id } = header
      const payload = wanted
      header = null
      wanted = Buffer.alloc(HEADER_BYTES)
      filled = 0
      onFrame(toFrame(type, id, payload))
    }
  }
}

type Header = { type: Frame['type']; id: number; length: number }

const LENGTHS: Record<Frame['type'], [least: number, most: number]> = {
  hello: [1, 1],
  open: [1, 1],
  data: [1, MAX_DATA],
  end: [0, 0],
  close: [0, 0],
  credit: [4, 4],
}

function readHeader(bytes: Buffer): Header {
  const type = TYPES[bytes.readUInt8(0)]
  if (type === undefined) throw new FrameError(`there is no frame of type ${bytes.readUInt8(0)}`)
  const length = bytes.readUInt32BE(5)
  const [least, most] = LENGTHS[type]
  if (length < least || length > most) throw new FrameError(`a ${type} frame cannot have ${length} bytes`)
  return { type, id: bytes.readUInt32BE(1), length }
}

function payloadOf(frame: Frame): Buffer {
  switch (frame.type) {
    case 'hello':
      return Buffer.from([frame.version])
    case 'open':
      return Buffer.from([frame.door])
    case 'data':
      return frame.bytes
    case 'credit': {
      const payload = Buffer.alloc(4)
      payload.writeUInt32BE(frame.bytes)
      return payload
    }
    case 'end':
    case 'close':
      return Buffer.alloc(0)
  }
}

function toFrame(type: Frame['type'], id: number, payload: Buffer): Frame {
  switch (type) {
    case 'hello':
      return { type, version: payload.readUInt8() }
    case 'open':
      return { type, id, door: payload.readUInt8() }
    case 'data':
      return { type, id, bytes: payload }
    case 'credit':
      return { type, id, bytes: payload.readUInt32BE() }
    case 'end':
    case 'close':
      return { type, id }
  }
}
