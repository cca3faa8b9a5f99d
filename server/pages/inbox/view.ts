/** What the inbox shows. Instants are milliseconds since 1970. */
import type { AskView } from '../../protocol.ts'

/** One card. `asks` hold the same call in different sessions; `actor` is an agent's name, null for Claude itself. */
export type CardView = { id: string; deadline: number; asks: (AskView & { actor: string | null })[] }

/** Waiting: something of it can be answered. Idle: Claude has stopped and waits for a prompt. */
export type SessionLine = {
  id: string
  name: string
  state: 'waiting' | 'idle' | 'working'
  waiting: number
}

export type InboxView = {
  now: number
  /** All that waits. */
  count: number
  cards: CardView[]
  /** Waiting ones that are not among the cards. */
  more: number
  sessions: (SessionLine & { words: string | null; since: number | null })[]
  moreSessions: number
  ended: AskView[]
}
