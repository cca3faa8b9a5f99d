/** A session that wants to bury the others: it asks and takes back, at length and without end, and tells of much. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createDoor } from '../../hooks/client/door.ts'
import type { JsonObject } from '../../server/protocol.ts'
import { aDraft } from '../unit/server/asks.ts'

export function isFlood({ command }: JsonObject): boolean {
  return String(command).startsWith('flood ')
}

/** Runs until `isOver`, through restarts of the responder, and counts which of its questions were taken and refused. */
export async function flood(
  gate: string,
  isOver: () => boolean,
  count: (what: string) => void,
): Promise<void> {
  const door = createDoor({ gate })
  for (let number = 0; !isOver(); number++) {
    const input = { command: `flood ${number} ${'x'.repeat(number % 20 === 0 ? 1_000_000 : 10)}` }
    try {
      const { status, body } = await door('POST', '/asks', aDraft({ input }), 5_000)
      count(`flood: ${status === 201 ? 'taken' : 'refused'}`)
      const { id } = body as { id?: string }
      if (id !== undefined) await door('POST', `/asks/${id}/withdraw`, { because: 'hook-gone' }, 5_000)
      const context = { claude_session: 'flood', cwd: '/' }
      const event = (['Notification', 'UserPromptSubmit', 'SessionEnd'] as const)[number % 3]
      await door('POST', '/signals', { v: 1, event, context, subject: 'quota_x', text: `${number}` }, 5_000)
    } catch {
      // The responder is away for a moment.
    }
    await sleep(5)
  }
}
