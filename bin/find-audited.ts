/** Finds the session that a shortened name means in the audit: it may have ended long ago. */
import type { OwnerClient } from '../server/client.ts'
import { CommandError } from './cli/errors.ts'

/** The one session whose name begins with `word`; null when there is none. Throws when there are several. */
export async function findAudited(client: Pick<OwnerClient, 'audit'>, word: string): Promise<string | null> {
  const names = new Set<string>()
  for (let number = 0; ; ) {
    const entries = await client.audit(number)
    for (const { session } of entries) names.add(session)
    const last = entries.at(-1)
    if (last === undefined) break
    number = last.number
  }
  if (names.has(word)) return word
  const [only, ...others] = [...names].filter((name) => name.startsWith(word))
  if (others.length === 0) return only ?? null
  throw new CommandError(
    'ambiguous-session',
    `${JSON.stringify(word)} is the beginning of several sessions: ${[only, ...others].join(', ')}.`,
    'Give more letters of the one you mean.',
  )
}
