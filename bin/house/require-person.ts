/** Keeps a Claude from running what only a person may. Every command that answers, or changes who does, begins with it. */

import { createOwnerClient } from '../../server/client.ts'
import { findOwnCaller } from '../../server/doors/claude-above.ts'
import { claudeMayNot } from '../../server/doors/person.ts'
import { ownPaths } from '../../setup/paths.ts'

/** A responder that does not run, or is of another version, tells nobody; what is seen here counts all the same. */
const CANNOT_TELL = new Set(['responder-not-running', 'not-found'])

/** Throws where a Claude Code has started this process, and has it told on the phone. `command` is what it tried. */
export async function requirePerson(command: string, env: NodeJS.ProcessEnv): Promise<void> {
  await createOwnerClient(ownPaths(env).ownerSocket)
    .checkPerson(command)
    .catch((error: { code?: string }) => {
      if (!CANNOT_TELL.has(error.code ?? '')) throw error
    })
  const caller = findOwnCaller(env)
  if (caller !== 'person' && caller !== 'unknown') throw claudeMayNot(caller.claude)
}
