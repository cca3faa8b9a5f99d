/** Reads a file of lines that grows. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** How far back the call of a question that has just come up can stand. */
const TAIL_BYTES = 2 * 1024 * 1024
const CHUNK_BYTES = 64 * 1024

/** The function it gives looks once: it calls `take` with each whole line that is new, at first with the file's last 2 MB. */
export function follow(file: string, take: (line: string) => void): () => void {
  let at = -1
  let rest = Buffer.alloc(0)
  return () => {
    let fd: number
    try {
      fd = openSync(file, 'r')
    } catch {
      // Not there yet: nothing has happened in it.
      return
    }
    try {
      const { size } = fstatSync(fd)
      if (at < 0) at = Math.max(0, size - TAIL_BYTES)
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
      while (at < size) {
        const read = readSync(fd, chunk, 0, CHUNK_BYTES, at)
        if (read === 0) break
        at += read
        rest = Buffer.concat([rest, chunk.subarray(0, read)])
        for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
          take(rest.subarray(0, end).toString('utf8'))
          rest = rest.subarray(end + 1)
        }
      }
    } finally {
      closeSync(fd)
    }
  }
}
