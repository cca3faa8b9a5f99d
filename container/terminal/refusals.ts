/** Why nothing was typed or pressed, in words for a person. */
import type { TypeResult } from '../../server/ports.ts'

/** Why nothing was typed or pressed. */
export type Refused = Extract<TypeResult, { status: 'refused' }>

export const NO_PANE = refused('no-pane', 'The session has no open pane.', 'Open one with rc attach.')
const NOT_RUNNING = refused(
  'claude-not-running',
  'Claude does not run in the pane of the session.',
  'Start it again with rc restart.',
)
export const BUSY = refused(
  'claude-not-idle',
  'Claude works and waits for no prompt.',
  'Try again when it is done.',
)
export const DIALOG = refused(
  'claude-not-idle',
  'Claude asks something and waits for no prompt.',
  'Answer that first.',
)
export const UNKNOWN = refused(
  'claude-not-idle',
  'The pane of the session does not show the prompt of Claude.',
  'Look at that pane.',
)
export const DRAFT = refused(
  'draft',
  'Somebody has begun to type a prompt in the pane of the session.',
  'Send or clear it there, then try again.',
)
export const TYPING = refused(
  'typing',
  'Another answer is just being typed or pressed.',
  'Try again in a moment.',
)
export const EMPTY = refused('empty', 'Nothing is left to type but spaces.', 'Write a reply.')
export const NOT_ARRIVED = refused(
  'not-arrived',
  'What was typed did not stand in the prompt of Claude as it should, so it was not sent.',
  'Look at the pane and type it there.',
)

/** Keys would choose, paste or kill there; and tmux 3.3a has crashed when such a list got keys that nobody saw. */
export const IN_MODE = refused(
  'pane-in-mode',
  'A list or a clock of tmux is open over the pane of Claude and would take the keys.',
  'Close it there with q, then try again.',
)

export const OTHER_PROGRAM = refused(
  'other-program',
  'The pane shows a text cursor: an editor or another program has the screen, or Claude was started with a native cursor or for a screen reader, and then the two look alike.',
  'Leave the editor in that pane, or answer there.',
)

/** Another pane of the window may hold a shell. */
export const SYNCHRONIZED = refused(
  'panes-synchronized',
  'Keys for the pane of Claude go to other panes too (synchronize-panes), so nothing is typed.',
  'Turn that off in its window with tmux set-option -w synchronize-panes off.',
)

/** What is said where there is nobody to type for: what can be done about it depends on who has opened the pane. */
export type Absence = { noPane: Refused; notRunning: Refused }

/** Of panes that we have opened. */
export const OWN_ABSENCE: Absence = { noPane: NO_PANE, notRunning: NOT_RUNNING }

/** Nothing was typed or pressed, and why. */
export function refused(code: string, message: string, remedy: string): Refused {
  return { status: 'refused', code, message, remedy }
}
