/** What starting and listing sessions needs from the terminal: one pane for each session. */
import type { SessionRef } from '../../server/ports.ts'
import type { SessionId } from '../../server/protocol.ts'

/** A pane as the terminal server lists it. */
export type Pane = {
  session: SessionId
  tmuxSession: string
  paneId: string
  /** The pane's program has ended and nothing runs in it. */
  dead: boolean
  /** Somebody looks at it right now. */
  attached: boolean
}

/** The terminal that holds our panes. Owns its own server; never touches the user's. */
export type Panes = {
  /** Opens a detached pane that runs `argv`. Rejects when a pane for that name already exists. */
  openPane(pane: { session: SessionRef; argv: string[]; cwd: string }): Promise<void>
  /** Every pane of ours, with one call to the terminal server; empty when that server is not running. */
  panes(): Promise<Pane[]>
  /** Ends the session's pane. Resolves when there is none. */
  closePane(id: SessionId): Promise<void>
  /** All that the session's pane has shown and kept, as text; null when there is none. */
  history(id: SessionId): Promise<string | null>
  /** The command that shows the pane of the session called `name`. */
  attachArgv(name: string): string[]
}
