/** What a container's labels say about its session. Labels are the truth; there is no session file. Pure. */
import * as z from 'zod'
import { sessionId } from '../../server/protocol.ts'
import type { ListedContainer } from '../docker/engine.ts'
import { GATE_KINDS, type GateKind } from '../gate/plan.ts'
import { NETWORK_MODES } from '../options.ts'
import type { Pane } from './panes.ts'
import type { Session } from './session.ts'

/** Raised when labels are read differently than before. */
const LABELS_VERSION = '1'

const options = z.object({
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

/** How a session was started. A restart repeats what was chosen for it and reads the rest anew. Neither secrets nor the prompt. */
export type LabelledOptions = z.infer<typeof options>

const labels = z.object({
  'remote-claude.version': z.literal(LABELS_VERSION),
  'remote-claude.session': sessionId,
  'remote-claude.name': z.string().min(1),
  'remote-claude.workspace': z.string().startsWith('/'),
  'remote-claude.gate': z.string().startsWith('/'),
  'remote-claude.gate-kind': z.enum(GATE_KINDS).default('folder'),
  'remote-claude.options': z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text)
      } catch {
        context.addIssue('not JSON')
        return z.NEVER
      }
    })
    .pipe(options),
})

/** The label that all sessions of one user and state folder share. */
export function instanceLabel(instance: string): Record<string, string> {
  return { 'remote-claude.instance': instance }
}

export function toLabels(
  instance: string,
  session: { id: string; name: string; workspace: string; gate: string; gateKind: GateKind },
  started: LabelledOptions,
): Record<string, string> {
  return {
    ...instanceLabel(instance),
    'remote-claude.version': LABELS_VERSION,
    'remote-claude.session': session.id,
    'remote-claude.name': session.name,
    'remote-claude.workspace': session.workspace,
    'remote-claude.gate': session.gate,
    'remote-claude.gate-kind': session.gateKind,
    'remote-claude.options': JSON.stringify(started),
  }
}

/** The session of a container, with its pane if it has one; null when the labels are not ours to read. */
export function toSession(container: ListedContainer, panes: readonly Pane[]): Session | null {
  const parsed = labels.safeParse(container.labels)
  if (!parsed.success) return null
  const id = parsed.data['remote-claude.session']
  const pane = panes.find((one) => one.session === id && !one.dead)
  return {
    id,
    name: parsed.data['remote-claude.name'],
    workspace: parsed.data['remote-claude.workspace'],
    gate: parsed.data['remote-claude.gate'],
    gateKind: parsed.data['remote-claude.gate-kind'],
    options: parsed.data['remote-claude.options'],
    containerId: container.id,
    state: container.state,
    createdAt: container.createdAt,
    exitCode: container.exitCode,
    paneId: pane?.paneId ?? null,
    attached: pane?.attached ?? false,
  }
}
