/** What waits, as cards: one for each question, and one for several that are the same to the letter. Pure. */
import { createHash } from 'node:crypto'
import type { Ask } from '../asks/ask.ts'

/** Oldest first. All of them can be answered alike. */
export type Card = { id: string; asks: readonly [Ask, ...Ask[]] }

/** Those that can wait the least come first. */
export function toCards(asks: readonly Ask[], isAlone: (ask: Ask) => boolean): Card[] {
  const cards = new Map<string, [Ask, ...Ask[]]>()
  for (const ask of asks) {
    const id = cardIdOf(ask, isAlone(ask))
    const known = cards.get(id)
    if (known === undefined) cards.set(id, [ask])
    else known.push(ask)
  }
  const deadlineOf = ({ asks: members }: Card) => Math.min(...members.map(({ deadline }) => deadline))
  return [...cards]
    .map(([id, members]) => ({ id, asks: members }))
    .sort((one, other) => deadlineOf(one) - deadlineOf(other))
}

/**
 * Where an ask stands. The same only for permissions whose call, rules and ways to go on are the same: never for words
 * that somebody has to read, and never where it `isAlone`.
 */
export function cardIdOf(ask: Ask, isAlone: boolean): string {
  const { id, kind, tool, input, suggestions, rules, hookEnd } = ask
  const isOwn = isAlone || kind !== 'permission' || hookEnd != null
  const what = isOwn ? id : JSON.stringify([tool, input, suggestions, rules])
  return `card-${createHash('sha256').update(what).digest('hex').slice(0, 12)}`
}

/** Who asks, in a session: Claude itself, or one of its agents by the name that it was given there. */
export function actorOf({ context }: Pick<Ask, 'context'>): string | null {
  if (context.agent_id === undefined) return null
  return context.agent_type ?? 'an agent'
}
