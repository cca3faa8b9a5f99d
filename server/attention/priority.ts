/** How much of a person's attention something asks for. Pure. */
import type { AskKind } from '../protocol.ts'

/** From what can wait to what must not. The words are ntfy's and `rc notify`'s. */
export const PRIORITIES = ['low', 'default', 'high', 'urgent'] as const
export type Priority = (typeof PRIORITIES)[number]

/** What a push can be about: a question of a kind, or news that nobody has to answer. */
export type EventKind = AskKind | 'news'

/** Every kind of question, as `notifications.<service>.events` names them. */
export const EVENT_KINDS = [
  'permission',
  'question',
  'plan',
  'form',
  'reply',
  'dialog',
  'domain',
  'key',
  'news',
] as const satisfies readonly EventKind[]

/** Whether `priority` is at least `least`. */
export function isAtLeast(priority: Priority, least: Priority): boolean {
  return PRIORITIES.indexOf(priority) >= PRIORITIES.indexOf(least)
}

/** The higher of two. */
export function higher(one: Priority, other: Priority): Priority {
  return isAtLeast(one, other) ? one : other
}

/** An idle Claude can wait, a held call keeps work waiting, and what cannot be undone comes first. */
export function priorityOf(kind: AskKind, isGrave: boolean): Priority {
  if (isGrave) return 'urgent'
  return kind === 'reply' ? 'default' : 'high'
}
