/** The real clock. */

import { randomInt } from 'node:crypto'
import type { Clock, Log } from '../../server/ports.ts'
import { toJson } from '../cli/safe-text.ts'

export const clock: Clock = {
  now: () => Date.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs)
    return () => clearTimeout(timer)
  },
}

const CHARACTERS = 'abcdefghjkmnpqrstuvwxyz23456789'

/** About 900 million different ones; they tell asks apart and open nothing. */
export function newId(): string {
  return Array.from({ length: 6 }, () => CHARACTERS[randomInt(CHARACTERS.length)]).join('')
}

/** A log that hands finished lines to `write`. */
export function createLog(write: (line: string) => void): Log {
  return (level, message, fields = {}) => {
    const at = new Date().toISOString()
    write(toJson({ at, level, message, ...fields }))
  }
}
