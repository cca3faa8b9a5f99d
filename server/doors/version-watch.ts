/** Says once for each session that its Claude Code is of a version that nobody has tried. */
import type { Log, SessionRef } from '../ports.ts'
import type { ClaudeContext } from '../protocol.ts'

/**
 * `tested` are exact versions; without any nothing is said. The version is the session's own word, so it is only logged,
 * and a session that keeps changing it is heard once.
 */
export function createVersionWatch({ log, tested }: { log: Log; tested: readonly string[] }) {
  let isKnown = tested.length === 0
  return (session: SessionRef, { claude_version: version }: ClaudeContext): void => {
    if (isKnown || version === undefined) return
    isKnown = true
    if (tested.includes(version)) return
    log('warn', `Claude Code ${version} is not tested with this program; rc doctor --claude tries it.`, {
      session: session.name,
    })
  }
}
