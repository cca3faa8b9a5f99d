/** A line of ours in the status line of a session's pane. */
import type { Tmux } from './tmux.ts'

/** tmux runs what stands in `#(…)`, wherever it reads a status line. */
const PLAIN = /^[\w .,:;!?-]*$/

/** Shows `line` at the right of the status line of that tmux session, in colour; null brings back the usual one. */
export async function tellIn(
  tmux: Pick<Tmux, 'run'>,
  tmuxSession: string,
  line: string | null,
): Promise<void> {
  const target = ['-t', `=${tmuxSession}:`]
  if (line === null) {
    await tmux.run([['set-option', '-q', '-u', ...target, 'status-right']])
    return
  }
  if (!PLAIN.test(line)) throw new Error('a status line of ours holds words alone')
  await tmux.run([['set-option', '-q', ...target, 'status-right', `#[bg=red,fg=white]${line}#[default]`]])
}
