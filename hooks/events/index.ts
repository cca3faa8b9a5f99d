/** Every hook event there is. A new one is a file beside this one and a line here; settings and scripts follow. */
import { elicitation } from './elicitation.ts'
import { notification } from './notification.ts'
import { permissionRequest } from './permission-request.ts'
import { preToolUse } from './pre-tool-use.ts'
import { sessionEnd } from './session-end.ts'
import { sessionStart } from './session-start.ts'
import { stop } from './stop.ts'
import { stopFailure } from './stop-failure.ts'
import type { HookEvent } from './types.ts'
import { userPromptSubmit } from './user-prompt-submit.ts'

export const HOOK_EVENTS: readonly HookEvent[] = [
  permissionRequest,
  preToolUse,
  elicitation,
  notification,
  stop,
  stopFailure,
  userPromptSubmit,
  sessionStart,
  sessionEnd,
]

/** The file name of an event's source and of its script, without the ending: `PreToolUse` is in `pre-tool-use`. */
export function scriptOf({ event }: { event: string }): string {
  return event.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()
}
