/** The responder's log: one JSON object a line, control characters escaped by JSON itself. */
import type { Log } from '../server/ports.ts'

/** A log that hands finished lines to `write`. */
export function createLog(write: (line: string) => void): Log {
  return (level, message, fields = {}) => {
    const at = new Date().toISOString()
    write(
      JSON.stringify({ at, level, message, ...fields }).replace(
        /[\u007f-\u009f\u2028-\u202e]/g,
        escapeCharacter,
      ),
    )
  }
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
