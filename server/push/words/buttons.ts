/** What can be answered from a notification itself. Pure. */
import { alwaysOf } from '../../asks/always.ts'
import { type Ask, isStranded } from '../../asks/ask.ts'
import type { PushButton } from '../../ports.ts'
import type { JsonObject } from '../../protocol.ts'
import { brief } from '../../text/preview.ts'

export type Offer = Pick<PushButton, 'answer' | 'label' | 'scope'>

/** A longer scope says more than a notification can hold. */
const SCOPE_LENGTH = 200
/** What Claude says of a call beside what it does. */
const ASIDE = new Set(['description', 'timeout'])

/**
 * Yes, Always and No where the message shows all that is asked; No alone where it does not; nothing where the answer is
 * more than one of these. What is grave needs the page.
 */
export function offersOf(ask: Ask, message: string, isGrave: boolean): Offer[] {
  if (isGrave || !['permission', 'plan', 'domain', 'key', 'test'].includes(ask.kind)) return []
  const no: Offer = { answer: 'deny', label: 'No', scope: null }
  if (isStranded(ask) || !isShown(ask, message)) return [no]
  const yes: Offer = { answer: 'allow', label: 'Yes', scope: null }
  const [first] = alwaysOf(ask)
  const scope = first === undefined ? null : brief(first.label, SCOPE_LENGTH)
  if (scope === null || scope !== first?.label) return [yes, no]
  return [yes, { answer: 'always', label: 'Always', scope }, no]
}

/** Whether every word of it stands in the message as it is. What a door has seen, the door has put into words. */
function isShown({ kind, input, text }: Ask, message: string): boolean {
  if (kind === 'domain' || kind === 'key' || kind === 'test') return text !== null && message === text
  if (kind === 'plan') return typeof input['plan'] === 'string' && message.includes(input['plan'].trim())
  return valuesOf(input).every((value) => typeof value === 'string' && message.includes(value))
}

/** What counts of a call: a switch that is off changes nothing. */
function valuesOf(input: JsonObject): unknown[] {
  const counted = Object.entries(input).filter(([name, value]) => !ASIDE.has(name) && value !== false)
  return counted.map(([, value]) => value)
}
