/** The responder's log: one JSON object a line. */
import type { Log } from '../server/ports.ts'
import { toJson } from './cli/safe-text.ts'

/** A log that hands finished lines to `write`. */
export function createLog(write: (line: string) => void): Log {
  return (level, message, fields = {}) => {
    const at = new Date().toISOString()
    write(toJson({ at, level, message, ...fields }))
  }
}
