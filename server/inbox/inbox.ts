/** What the inbox shows: what can be answered now, how the sessions are, and what has ended. */
import type { Ask } from '../asks/ask.ts'
import type { Desk } from '../desk/desk.ts'
import type { CardView, InboxView, SessionLine } from '../pages/inbox/view.ts'
import type { SessionRef } from '../ports.ts'
import type { AskView } from '../protocol.ts'
import { actorOf, type Card, cardIdOf, toCards } from './cards.ts'
import { toSessionLines } from './sessions.ts'

/** More than anybody answers in one go; the next ones come up as these are answered. */
const MOST_CARDS = 40
const MOST_SESSIONS = 60
const MOST_ENDED = 15
/** Of so many with the nearest deadlines, cards are made. */
const LOOKED_AT = 200

type Parts = { desk: Desk; sessions: () => readonly SessionRef[]; now: () => number }

export function createInbox({ desk, sessions, now }: Parts) {
  const isAlone = (ask: Ask) => desk.graveOf(ask) !== null

  function toView({ id, asks }: Card): CardView {
    return {
      id,
      deadline: Math.min(...asks.map(({ deadline }) => deadline)),
      asks: asks.map((ask) => ({ ...desk.view(ask), actor: actorOf(ask) })),
    }
  }

  function sessionViews(lines: readonly SessionLine[]): InboxView['sessions'] {
    return lines.map((line) => {
      const last = line.state === 'working' ? null : desk.lastReply(line.id)
      return { ...line, words: last?.text ?? null, since: last?.createdAt ?? null }
    })
  }

  return {
    view(): InboxView {
      const asks = desk.soonest(LOOKED_AT)
      const cards = toCards(asks, isAlone).slice(0, MOST_CARDS)
      const lines = toSessionLines(sessions(), desk.openAsks())
      const count = desk.countPending()
      return {
        now: now(),
        count,
        cards: cards.map(toView),
        more: count - cards.reduce((sum, card) => sum + card.asks.length, 0),
        sessions: sessionViews(lines.slice(0, MOST_SESSIONS)),
        moreSessions: Math.max(0, lines.length - MOST_SESSIONS),
        ended: desk.ended({ limit: MOST_ENDED }).map((ask) => desk.view(ask)),
      }
    },
    /**
     * The cards on which an ask stands, or stood: one whose hook has ended leaves the card that it shared. Null for one of
     * which nothing waits any more.
     */
    cardsOf(ask: Ask): { id: string; card: CardView | null }[] {
      const isOwn = isAlone(ask)
      const ids = new Set([cardIdOf({ ...ask, hookEnd: null }, isOwn), cardIdOf(ask, isOwn)])
      const cards = toCards(desk.soonest(LOOKED_AT), isAlone)
      return [...ids].map((id) => {
        const card = cards.find((one) => one.id === id)
        return { id, card: card === undefined ? null : toView(card) }
      })
    },
    /** Ended ones, newest first, with that text anywhere in them. */
    history: (search: string, before: number | null, limit: number): AskView[] =>
      desk.ended({ search, before, limit }).map((ask) => desk.view(ask)),
  }
}
