/** Which panes of our own tmux server are sessions'. */
import type { SessionId } from '../../server/protocol.ts'
import type { Pane } from '../session/panes.ts'
import type { Tmux } from './tmux.ts'

/** None where the server does not run. */
export async function listPanes(tmux: Pick<Tmux, 'run'>): Promise<Pane[]> {
  const { ok, text } = await tmux.run([['list-panes', '-a', '-F', FORMAT]])
  return ok ? text.split('\n').flatMap(parsePane) : []
}

// The name comes last: it alone may hold spaces, in tmux sessions that the user has made on our server.
const FORMAT = '#{@rc_pane} #{pane_id} #{pane_dead} #{session_attached} #{session_name}'

function parsePane(line: string): Pane[] {
  const [, session, paneId = '', dead, attached, tmuxSession = ''] =
    /^(\S+) (%\d+) (\d) (\d+) (.*)$/.exec(line) ?? []
  if (session === undefined) return []
  return [
    { session: session as SessionId, tmuxSession, paneId, dead: dead === '1', attached: attached !== '0' },
  ]
}
