/**
 * The bytes of the ssh-agent protocol (draft-miller-ssh-agent): lengths, strings and whole messages. Pure. By hand, for a
 * person decides about the very bytes that are signed, and what the door does not know must not pass; ssh2's agent decodes
 * for programs that trust each other.
 */

/** Largest message either way, in bytes: OpenSSH's own limit (AGENT_MAX_LEN). */
export const MAX_MESSAGE_BYTES = 256 * 1024

/** The first byte of those messages that the door has to know. */
export const MESSAGE = { failure: 5, listKeys: 11, keys: 12, sign: 13, signature: 14 } as const

/** Bytes that are not what they should be: a length beyond the end, something left over, an empty message. */
export class MalformedMessage extends Error {
  override name = 'MalformedMessage'
}

/** Takes values off the front of `bytes`, one after another; each call throws `MalformedMessage` where they do not fit. */
export function createReader(bytes: Buffer) {
  let at = 0
  function take(length: number): Buffer {
    if (length > bytes.length - at) throw new MalformedMessage(`${length} bytes are wanted and not there`)
    at += length
    return bytes.subarray(at - length, at)
  }
  const uint32 = (): number => take(4).readUInt32BE()
  return {
    take,
    uint32,
    string: (): Buffer => take(uint32()),
    expectByte(wanted: number): void {
      const found = take(1).readUInt8()
      if (found !== wanted) throw new MalformedMessage(`byte ${found} is where ${wanted} belongs`)
    },
    end(): void {
      if (at !== bytes.length) throw new MalformedMessage(`${bytes.length - at} bytes are left over`)
    },
  }
}

/** A message with its length in front, as it travels. */
export function toFrame(message: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(message.length)
  return Buffer.concat([length, message])
}

/**
 * Cuts a stream into messages, without their lengths. Give it every chunk; it yields what is complete and throws
 * `MalformedMessage` at a length that no message may have, before it holds the bytes.
 */
export function createSplitter(): (chunk: Buffer) => Generator<Buffer> {
  let chunks: Buffer[] = []
  let held = 0
  let length: number | null = null

  function cut(bytes: number): Buffer {
    const all = Buffer.concat(chunks)
    chunks = [all.subarray(bytes)]
    held -= bytes
    return all.subarray(0, bytes)
  }

  return function* split(chunk) {
    chunks.push(chunk)
    held += chunk.length
    while (held >= (length ?? 4)) {
      if (length !== null) {
        const message = cut(length)
        length = null
        yield message
        continue
      }
      length = cut(4).readUInt32BE()
      if (length === 0 || length > MAX_MESSAGE_BYTES) throw new MalformedMessage(`it has ${length} bytes`)
    }
  }
}
