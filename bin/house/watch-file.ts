/** Whether a file is still the one that was there. */
import { lstatSync } from 'node:fs'

const LOOK_MS = 10_000

/** Calls `onGone` once `file` was removed, or another one has its name. `clearInterval` ends it. */
export function watchFile(file: string, onGone: () => void, lookMs = LOOK_MS): NodeJS.Timeout {
  const inode = () => lstatSync(file, { throwIfNoEntry: false })?.ino
  const first = inode()
  return setInterval(() => {
    if (inode() !== first) onGone()
  }, lookMs)
}
