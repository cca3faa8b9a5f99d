/** What a command in a container prints, taken apart: the engine puts eight bytes before each piece (Engine API 1.41). */

const HEADER_BYTES = 8
const STDOUT = 1
const STDERR = 2

type Sinks = { stdout(bytes: Buffer): void; stderr(bytes: Buffer): void }

/** Takes bytes in whatever pieces they come. Holds none back; throws when this is not the engine's framing. */
export function createOutputSplitter({ stdout, stderr }: Sinks): (chunk: Buffer) => void {
  const header = Buffer.alloc(HEADER_BYTES)
  let filled = 0
  let left = 0

  return (chunk) => {
    let at = 0
    while (at < chunk.length) {
      if (left === 0) {
        const copied = chunk.copy(header, filled, at)
        at += copied
        filled += copied
        if (filled < HEADER_BYTES) return
        filled = 0
        const stream = header.readUInt8(0)
        if (stream !== STDOUT && stream !== STDERR) throw new Error(`the engine has no stream ${stream}`)
        left = header.readUInt32BE(4)
        continue
      }
      const piece = chunk.subarray(at, at + left)
      at += piece.length
      left -= piece.length
      if (header.readUInt8(0) === STDOUT) stdout(piece)
      else stderr(piece)
    }
  }
}
