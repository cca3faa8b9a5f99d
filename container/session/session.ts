/** What a session is, what starting one takes, and the one refusal that carries a session. */

import * as z from 'zod'
import type { HookPlaces } from '../../hooks/settings.ts'
import type { Log, SessionRef } from '../../server/ports.ts'
import type { Engine } from '../docker/engine.ts'
import { ContainerError } from '../errors.ts'
import { type GateKind, NETWORK_MODES, type SessionOptions } from '../options.ts'
import type { Panes } from './panes.ts'

/** A session, as its container's labels, Docker and tmux tell. */
export type Session = SessionRef & {
  containerId: string
  /** Docker's own word: created, running, paused, restarting, exited, removing, dead. */
  state: string
  /** Milliseconds since 1970. */
  createdAt: number
  /** Only of an exited one. */
  exitCode: number | null
  /** The living pane, or null. */
  paneId: string | null
  attached: boolean
  gateKind: GateKind
  options: LabelledOptions
}

/** Settings of Claude that nothing in the container can change. Others may be in them. */
export type ManagedSettings = { hooks: Record<string, readonly object[]> }

/** What the hooks room and the responder add to a start. */
export type StartParts = {
  permissionArgs: string[]
  /** Those in the managed settings. */
  askRules: string[]
  managedSettings(where: HookPlaces): ManagedSettings
  /** Opens the session's doors. Nothing runs yet; a failure means that nothing will. */
  beforeStart(session: SessionRef, containerId: string): Promise<void>
}

export type StartRequest = StartParts & {
  dir: string
  name?: string
  prompt?: string
  continueLast?: boolean
  resume?: string
  claudeArgs: string[]
  network: LabelledOptions['network']
}

export type RestartRequest = StartParts & {
  network: LabelledOptions['network']
  continueLast: boolean
  /** The pane itself asks and runs the new container: it is left alone. */
  inPane?: boolean
}

export type SessionsParts = {
  engine: Engine
  panes: Panes
  stateDir: string
  /** The user's home folder. */
  home: string
  /** The folder of the user's own Claude. */
  claudeDir: string
  /** Folder of the compiled hook scripts. */
  hooksDist: string
  paneScript: string
  /** Command that the pane calls for a restart. */
  rc: string
  instance: string
  env: NodeJS.ProcessEnv
  options: SessionOptions
  /** Asked at each start; the kind stays with the session's container. */
  chooseGate(): Promise<GateKind>
  log: Log
}

/** Thrown by `start`: the workspace has a living session already, and it is this one. */
export class AlreadyRunning extends ContainerError {
  readonly session: Session

  constructor(session: Session) {
    super(
      'already-running',
      `${session.workspace} has a session already: ${session.name}.`,
      `Go to it with \`rc attach ${session.name}\`, or start another one beside it with --name.`,
    )
    this.session = session
  }
}

/** Claude's arguments for the conversation that a start goes on with. */
export function conversationArgs({ continueLast, resume }: StartRequest): string[] {
  if (resume !== undefined) return ['--resume', resume]
  return continueLast ? ['--continue'] : []
}

/** The refusal of what a session cannot do whose Claude has ended. */
export function ended({ name, exitCode }: Session): ContainerError {
  return new ContainerError(
    'session-ended',
    `Claude Code has ended in ${name}${exitCode === null ? '' : ` (exit code ${exitCode})`}.`,
    `Go on with its conversation by \`rc restart ${name} --continue\`, or begin afresh by \`rc restart ${name}\`.`,
  )
}

/** How a session was started. A restart repeats what was chosen for it and reads the rest again. Neither secrets nor the prompt. */
export type LabelledOptions = z.infer<typeof options>

export const options = z.object({
  claudeArgs: z.array(z.string()),
  permissionArgs: z.array(z.string()),
  /** The permission rules that Claude was told to ask for; null of sessions from before this was written down. */
  askRules: z.array(z.string()).nullable().default(null),
  network: z.object({
    mode: z.enum(NETWORK_MODES),
    /** What `--network` said at the start, null without it; not there in sessions from before this was written down. */
    chosen: z.enum(NETWORK_MODES).nullable().optional(),
    /** On top of the configured ones. */
    allow: z.array(z.string()),
    /** Whether unlisted hosts are asked about. */
    ask: z.boolean().default(false),
    /** Whether it is the project that wants them asked about; not there in sessions from before this was written down. */
    projectAsks: z.boolean().optional(),
    /** The project's own list, which only takes away. */
    only: z.array(z.string()).nullable().default(null),
  }),
  /** The user's ssh-agent behind the key door, and whether it asks; null without such a door. */
  keys: z.object({ agent: z.string(), ask: z.boolean() }).nullable().default(null),
})
