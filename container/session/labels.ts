/** What a container's labels say about its session. Labels are the truth; there is no session file. Pure. */

import * as z from 'zod'
import { sessionId } from '../../server/protocol.ts'
import type { ListedContainer } from '../docker/engine.ts'
import { GATE_KINDS, type GateKind } from '../options.ts'
import { instanceLabel } from '../places.ts'
import type { Pane } from './panes.ts'
import { type LabelledOptions, options, type Session } from './session.ts'

/** Raised when labels are read differently than before. */
const LABELS_VERSION = '1'

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
