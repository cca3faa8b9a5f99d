/** Our settings program in somebody's container: one task, one answer. */
import { IN_GUEST } from '../../container/sites/guest-files.ts'
import type { InstallAnswer, InstallTask } from '../../hooks/install/main.ts'
import { createBox, type House } from '../compose.ts'
import { CommandError } from '../errors.ts'
import type { GuestDetails } from '../guest-details.ts'

/** Runs it as the user that Claude runs as there. Throws the program's own sentence, or one about the container. */
export async function askInside(
  house: House,
  { container, user, node }: GuestDetails,
  task: InstallTask,
): Promise<Exclude<InstallAnswer, { error: unknown }>> {
  const { engine } = createBox(house)
  const argv = [node, IN_GUEST.install]
  const { exitCode, stdout, stderr } = await engine.execIn(container, argv, {
    user,
    stdin: JSON.stringify(task),
  })
  const answer = parse(stdout)
  if (answer === null) {
    throw new CommandError(
      'guest-broken',
      `What was put into the container does not work there any more (exit code ${exitCode}). ${stderr.trim().slice(-300)}`.trim(),
      'Install the hooks in it once more: rc hooks install --container NAME',
    )
  }
  if (!('error' in answer)) return answer
  const { code, message, remedy } = answer.error
  throw new CommandError(code, `In the container: ${message}`, remedy)
}

function parse(text: string): InstallAnswer | null {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
