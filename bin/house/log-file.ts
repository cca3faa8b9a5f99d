/** Keeps the file that a responder in the background writes its log to from growing for ever. */
import { copyFileSync, fstatSync, ftruncateSync, statSync } from 'node:fs'

/** Two files of this size are kept. */
const MAX_BYTES = 5 * 1024 * 1024
const STDERR = 2

/**
 * Called for every line. The file was opened by whoever started us and is our stderr, crashes included, so it cannot be
 * replaced by another one: it is copied to `FILE.1` and emptied. Nothing happens where stderr is something else.
 */
export function createLogLimit(file: string, maxBytes = MAX_BYTES, fd = STDERR): (line: string) => void {
  let left = 0
  return (line) => {
    left -= Buffer.byteLength(line) + 1
    if (left > 0) return
    try {
      const { size, ino, dev } = fstatSync(fd)
      const named = statSync(file, { throwIfNoEntry: false })
      const isOurs = named?.ino === ino && named.dev === dev
      left = isOurs ? maxBytes - size : maxBytes
      if (!isOurs || left > 0) return
      copyFileSync(file, `${file}.1`)
      ftruncateSync(fd, 0)
      left = maxBytes
    } catch {
      // A full disk must not end the responder.
      left = maxBytes
    }
  }
}
