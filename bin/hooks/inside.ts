/** Our settings program in somebody's container: one task, one answer, which may be whatever the container likes. */

import * as z from 'zod'
import { IN_GUEST } from '../../container/guests/files.ts'
import type { InstallTask } from '../../hooks/install/main.ts'
import { CommandError } from '../cli/errors.ts'
import { toOneLine } from '../cli/text-width.ts'
import { createBox } from '../house/box.ts'
import type { GuestDetails } from '../house/guest-details.ts'
import type { House } from '../house/house.ts'

const LONGEST = 2_000

/** A text from there drives no terminal and fills no screen. */
const text = z.string().transform(plain)
const file = text

const answers = z.union([
  z.object({ file, error: z.object({ code: text, message: text, remedy: text }) }),
  z.object({
    file,
    health: z.object({
      groups: z.array(z.object({ event: text })).max(200),
      isOfAnotherVersion: z.boolean(),
      missing: z.array(text).max(200),
      door: z.enum(['open', 'token-refused', 'closed']).nullable(),
      lastTrouble: text.nullable(),
      isSwitchedOff: z.boolean(),
      policy: z
        .object({
          file: text,
          key: z.enum(['allowManagedHooksOnly', 'disableAllHooks']),
          isSure: z.boolean(),
        })
        .nullable(),
    }),
  }),
  z.object({ file, changed: z.boolean() }),
  z.object({ file, end: text }),
])

type Answer = z.output<typeof answers>

/** What a task gives when it succeeds. */
export type Inside = Exclude<Answer, { error: unknown }>

/** Runs it as the user that Claude runs as there. Throws the program's own sentence, or one about the container. */
export async function askInside(
  house: House,
  { container, user, node, configDir }: GuestDetails,
  task: InstallTask,
): Promise<Inside> {
  const { engine } = createBox(house)
  const argv = [node, IN_GUEST.install]
  const environment = configDir === undefined ? {} : { CLAUDE_CONFIG_DIR: configDir }
  const ended = await engine.execIn(container, argv, { user, environment, stdin: JSON.stringify(task) })
  const answer = readAnswer(ended.stdout)
  if (answer === null) {
    const said = plain(ended.stderr.trim().split('\n').at(-1) ?? '')
    throw new CommandError(
      'guest-broken',
      `What was put into the container does not work there (exit code ${ended.exitCode}). ${said}`.trim(),
      `See what its Node says: docker exec -u ${user} ${container.slice(0, 12)} ${node} --version. Then: rc hooks install --container NAME`,
    )
  }
  if (!('error' in answer)) return answer
  const { code, message, remedy } = answer.error
  throw new CommandError(code, `In the container: ${message}`, remedy)
}

/** Null for anything that is no answer of the program. */
export function readAnswer(stdout: string): Answer | null {
  try {
    return answers.parse(JSON.parse(stdout))
  } catch {
    return null
  }
}

function plain(said: string): string {
  return toOneLine(said.slice(0, LONGEST))
}
