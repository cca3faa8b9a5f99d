/** A dialog that a hook's answer did not close. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { See } from '../facts.ts'
import type { Behaviour } from '../recorder.ts'
import type { Stage } from '../stage.ts'

/** Long enough for Claude to have acted on a hook that ended. */
const REACTION_MS = 1_500

/** The hook has ended and its dialog is still there; the keyboard then refuses. */
export async function stays(
  stage: Stage,
  see: See,
  id: string,
  prompt: string,
  behaviour: Behaviour,
): Promise<void> {
  const asked = await stage.ask(prompt, behaviour)
  await see(id, async () => {
    await asked.heard('PermissionRequest', 'end')
    await sleep(REACTION_MS)
    const { kind } = await stage.screen()
    return kind === 'dialog' || `the screen is ${kind}`
  })
  if ((await stage.screen()).kind === 'dialog') await stage.claude.answer('Escape')
  await stage.idle()
}
