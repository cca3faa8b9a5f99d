/** Why nothing is typed or pressed for a Claude that we did not start. What to do about it is in the person's hands. */
import { type Refused, refused } from '../terminal/refusals.ts'

const AT_ITS_TERMINAL = 'Write it where Claude runs; decisions work all the same.'
const RESUME = 'If Claude has ended, claude --resume takes its conversation up again.'

export const NO_PLACE = refused(
  'no-place',
  'It is not known where this Claude runs, so nothing can be typed for it. Decisions work all the same.',
  AT_ITS_TERMINAL,
)
export const NO_TMUX = refused(
  'no-tmux',
  'Claude runs outside tmux, so nothing can be typed for it. Decisions work all the same.',
  AT_ITS_TERMINAL,
)
export const BAD_PLACE = refused(
  'bad-place',
  'What this Claude says of its tmux pane cannot be right, so nothing is typed for it. Decisions work all the same.',
  AT_ITS_TERMINAL,
)
export const NO_SERVER = refused('no-tmux-server', 'The tmux server that Claude ran in is gone.', RESUME)
export const NO_PANE = refused('no-pane', 'The tmux pane that Claude ran in is gone.', RESUME)
export const NOT_OURS = refused(
  'socket-not-ours',
  'What Claude names as the socket of its tmux server is not a socket of yours, so nothing is typed there.',
  AT_ITS_TERMINAL,
)
export const NOT_IN_FRONT = refused(
  'claude-not-running',
  'Claude is not in front in its tmux pane: it has ended or is suspended, or another program is there.',
  'Look at that pane.',
)
export const NO_TMUX_INSIDE = refused(
  'tmux-missing',
  'There is no tmux in the container that Claude runs in, so nothing can be typed for it.',
  AT_ITS_TERMINAL,
)

/** A server that is there and does not do as told, such as one of another version than the tmux on the PATH. */
export function unwilling(problem: string): Refused {
  const said = problem.replace(/\p{Cc}+/gu, ' ').slice(0, 200)
  return refused(
    'tmux-failed',
    `The tmux server that Claude runs in could not be used: ${said}.`,
    AT_ITS_TERMINAL,
  )
}
