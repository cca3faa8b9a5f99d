/** What a question is called, in words of ours. Pure. */
import { knownToolName } from '../claude/tool-name.ts'
import type { AskKind, AskView } from '../protocol.ts'

export function headline(ask: Pick<AskView, 'kind' | 'tool'>): string {
  return ask.kind === 'permission'
    ? `${knownToolName(ask.tool) ?? 'A tool'} needs your approval`
    : TITLES[ask.kind]
}

export const TITLES: Record<AskKind, string> = {
  permission: 'approval needed',
  question: 'Claude has a question',
  plan: 'Claude has a plan',
  form: 'A form to fill in',
  reply: 'Claude is waiting for you',
  dialog: 'A dialog is open',
  domain: 'A host that is not on your list',
  key: 'One of your keys is wanted',
  test: 'A test',
}
