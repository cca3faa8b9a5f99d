/**
 * The desk: everything that can be done with asks, for the doors.
 *
 *   a hook ──► opening ──┐                      ┌── answering ◄── a person
 *   a door ──► access ───┼─► ledger ◄─ hearing ─┤     └─ a hook takes it, or keys: replies, refusals, screens
 *   a pane ──► screens ──┘   (waits, pushes)    └── keyboard-watch, and sessions that end
 */

import { type Ask, toView } from '../asks/ask.ts'
import { type Approvals, isSkipped } from '../asks/hook-ask.ts'
import { createAudit } from '../audit/audit.ts'
import { createSpending } from '../audit/spending.ts'
import { createInterruptions } from '../endings/interruptions.ts'
import { createRestarts } from '../endings/restarts.ts'
import { HOST } from '../owner-views.ts'
import type { Clock, Log, NewId, PushServices, SessionRef, Terminal } from '../ports.ts'
import type { Answer, AskDraft, AskView, SessionId } from '../protocol.ts'
import type { Attention } from '../push/attention.ts'
import { createNotices } from '../push/notices.ts'
import { toPushView } from '../store/pushes-table.ts'
import type { Store } from '../store/store.ts'
import { type AllowForGood, createAccess } from './access.ts'
import { createAnswering } from './answering.ts'
import { createHearing } from './hearing.ts'
import { createKeyboardWatch } from './keyboard-watch.ts'
import { createLedger } from './ledger.ts'
import { createOpening } from './opening.ts'
import { createPushAnswers } from './push-answers.ts'
import { createRefusals } from './refusals.ts'
import { createReplies } from './replies.ts'
import { createScreens } from './screens.ts'
import { createStanding } from './standing.ts'
import { createTests } from './tests.ts'

export type DeskOptions = {
  store: Store
  push: PushServices
  /** When to ring; absent: everything at once. */
  attention?: Attention | undefined
  terminal: Terminal
  clock: Clock
  newId: NewId
  log: Log
  key: Buffer
  approvals: Approvals
  /** Whether a session is in a box of ours, and so may be hostile; where nobody can tell, it is. */
  isOurs?: (session: SessionId) => boolean
  /** Where answer links lead, without a final slash; null while no phone door is open. */
  linkBase: () => string | null
  allowForGood?: AllowForGood
}

export type Desk = ReturnType<typeof createDesk>

/** A desk over what the store already holds: pending asks go on waiting as if nothing had happened. */
export function createDesk({ store, terminal, clock, log, approvals, ...options }: DeskOptions) {
  const { push, attention, newId, key, linkBase } = options
  const { isOurs = () => true, allowForGood = async () => {} } = options
  const audit = createAudit({ store, clock, log })
  const spending = createSpending({ store, clock, audit })
  const ledger = createLedger({
    ...{ store, audit, spending, push, attention, clock, newId, log, key, linkBase, approvals },
    tellPane: (session, line) => void terminal.tell?.(session, line),
  })

  const standing = createStanding({ store, clock, audit })
  const notices = createNotices({ clock, log, audit, spending, push, attention })
  const interruptions = createInterruptions({ terminal, clock })
  const { hands } = interruptions
  const keyboards = createKeyboardWatch({ ledger, terminal, clock, log, approvals })
  const replies = createReplies({ ledger, store, terminal, hands, clock, log, isOurs })
  const refusals = createRefusals({ ledger, hands, log })
  const screens = createScreens({ ledger, terminal, hands, clock, log, isOurs, approvals })
  const access = createAccess({ ledger, store, audit, spending, clock, log, approvals, allowForGood })

  const asks = { ledger, store, audit, spending, terminal, clock, approvals, isOurs }
  const { open } = createOpening({ ...asks, standing, screens })
  const { answer } = createAnswering({
    ...{
      ledger,
      audit,
      askRules: approvals.askRules,
      interruptions,
      replies,
      refusals,
      screens,
      access,
      standing,
    },
  })
  const graveOf = attention?.graveOf ?? (() => null)
  const fromPush = createPushAnswers({ store, key, clock, log, answer, graveOf })
  const hearing = createHearing({ ...asks, interruptions, replies, screens, notices })

  const restarts = createRestarts()
  const tests = createTests({ ledger, clock })

  /** All sessions that are known to live; asks of others stay as they are. */
  function meet(sessions: readonly SessionRef[]): void {
    for (const part of [screens, tests]) part.keepOnly(sessions)
  }

  /** Sessions that exist no longer take their asks and standing approvals with them. */
  function keepOnly(sessions: readonly SessionRef[]): void {
    meet(sessions)
    const living = new Set(sessions.map((session) => session.id))
    // Whoever asked in the container before is there no longer, and a key in the new one's pane is for somebody else.
    for (const id of restarts.find(sessions)) dismiss(id)
    for (const id of new Set(store.open().map((ask) => ask.session)))
      if (id !== HOST && !living.has(id)) dismiss(id)
    store.dropStandingExcept(living)
    for (const part of [notices, ledger, interruptions]) part.keepOnly(living)
  }

  /** A session is over, and nothing that it asked can be answered any more. */
  function dismiss(session: SessionId): void {
    for (const { id } of store.open(session))
      ledger.apply(ledger.find(id), { type: 'supersede', because: 'session-ended' })
  }

  return {
    open,
    answer,
    /** What somebody answered through the push service of that name. Never rejects. */
    answerFromPush: fromPush,
    ...hearing,
    skips: ({ context }: AskDraft): boolean => isSkipped(context, approvals),
    keepOnly,
    dismiss,
    meet,
    /** Whether a deed at one of the session's doors may be done. Rejects only for bugs. */
    judge: access.judge,
    /** What waits for a key in the session of that name, as an ask; null when nothing does. Throws `no-such-session`. */
    look: screens.look,
    find: ledger.find,
    view: (ask: Ask): AskView => ({
      ...toView(ask, ledger.linkOf(ask.id), terminal.whyNotTyped?.(ask.session) ?? null),
      grave: ask.state === 'pending' ? graveOf(ask) : null,
    }),
    /** What became of each push for it. */
    pushesOf: (ask: Ask) => store.pushesOf(ask.id).map(toPushView),
    /** What an answer would allow that cannot be undone, the input that it changes included; null for any other answer. */
    graveIn: (ask: Ask, { answer: said, input = ask.input }: Answer): string | null =>
      said === 'allow' || said === 'always' ? graveOf({ ...ask, input }) : null,
    /** The ask behind an answer link, or null. */
    byToken: ledger.byToken,
    pending: ledger.pending,
    /** The open ones, or also the newest of the others, oldest first; of long ones head and tail. */
    list: store.list,
    countPending: (): number => store.open().length,
    /** What waits, without reading it. */
    openAsks: () => store.open(),
    /** The waiting ones with the nearest deadlines. */
    soonest: store.soonest,
    /** Those that are over, newest first. */
    ended: store.ended,
    /** The last time that Claude stopped and waited there. */
    lastReply: (session: string): Ask | null => store.lastReply(session as SessionId),
    /** What a grave ask is about; null for any other. */
    graveOf,
    /** From now on also tells `watcher` of each ask that comes, changes, ends, or of whose answer something is known. */
    watch(watcher: (ask: Ask) => void): void {
      ledger.watch(watcher)
      ledger.watchResults(watcher)
    },
    /** Budgets of sessions that are used up. */
    usedUp: spending.usedUp,
    /** Where an ask stands among the open ones of its session, oldest first; null for an ended one. */
    placeOf(ask: Ask): { number: number; of: number } | null {
      const open = store.open(ask.session)
      const at = open.findIndex(({ id }) => id === ask.id)
      return at < 0 ? null : { number: at + 1, of: open.length }
    },
    test: tests.test,
    endTest: tests.endTest,
    /** Rings once more for what still waits, and tells what was done for which session. */
    remind: ledger.remind,
    warn: notices.warn,
    startFailed: notices.startFailed,
    /** What was approved in advance, and how to take it back. */
    standing: { list: standing.list, revoke: standing.revoke },
    /** Entries of the audit behind the one of that number, oldest first. */
    auditAfter: audit.after,
    /** A person has the ask in sight, at that door. */
    shown: audit.shown,
    /** Somebody has had everything quiet from its page. */
    quieted: audit.quieted,
    pushStatistics: () => store.pushStatistics(),
    reconsiderPushes: ledger.reconsiderPushes,
    /** Once links lead somewhere: does what a responder before this one was kept from. */
    resume: ledger.resume,
    /** Lets go of every timer and waiter; what is pending stays pending in the store. */
    close(): void {
      notices.close()
      keyboards.close()
      screens.close()
      ledger.close()
    },
  }
}
