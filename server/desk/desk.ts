/**
 * The desk holds every ask and everyone who waits for one. It decides nothing by itself: `lifecycle.ts` says what
 * happens, the store remembers it before anybody is told, and the ports carry it out.
 */

import { isDoorKind, isHostKind } from '../asks/access-ask.ts'
import { type Ask, CALL_KINDS, isCall, isSameCall, isStranded, toOutcome, toView } from '../asks/ask.ts'
import { type Approvals, bytesOf, isSkipped, newHookAsk } from '../asks/hook-ask.ts'
import { type AskEvent, step } from '../asks/lifecycle.ts'
import { describeEnd, describeHookEnd } from '../asks/outcome-words.ts'
import { createAudit } from '../audit/audit.ts'
import { createSpending } from '../audit/spending.ts'
import { BUDGETS } from '../budgets.ts'
import { createBetweenTurns } from '../endings/between-turns.ts'
import { type Claim, endOfHook } from '../endings/end-of-hook.ts'
import { createInterruptions } from '../endings/interruptions.ts'
import { keyboardSince } from '../endings/keyboard.ts'
import { createKeyboardWatch } from '../endings/keyboard-watch.ts'
import { createRestarts } from '../endings/restarts.ts'
import { Problem, problem } from '../errors.ts'
import type { Clock, Log, NewId, PushService, SessionRef, Terminal } from '../ports.ts'
import type {
  Answer,
  AskDraft,
  AskId,
  AskKind,
  AskView,
  Because,
  HookResult,
  Outcome,
  SessionId,
  Signal,
} from '../protocol.ts'
import { createDeliveries } from '../push/deliveries.ts'
import { createNotices } from '../push/notices.ts'
import { resume } from '../resume.ts'
import type { Store } from '../store/store.ts'
import { type AllowForGood, createDeeds } from './access.ts'
import { hashToken, isToken, linkToken } from './answer-links.ts'
import { createDeadlines } from './deadlines.ts'
import { decide } from './decide.ts'
import { createRefusals } from './refusals.ts'
import { createReplies } from './replies.ts'
import { createDialogs } from './screens.ts'
import { createStanding, STANDING_YES } from './standing.ts'
import { createWaiters } from './waiters.ts'

/** A session that opens more questions than this has gone astray, or wants to bury one of them. */
const MAX_PENDING = 50

export type DeskOptions = {
  store: Store
  push: readonly PushService[]
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
export function createDesk({ store, clock, log, key, approvals, newId, linkBase, ...ports }: DeskOptions) {
  const { terminal, isOurs = () => true } = ports
  const waiters = createWaiters(clock)
  const audit = createAudit({ store, clock, log })
  const standing = createStanding({ store, clock, audit })
  const spending = createSpending({ store, clock, audit })
  const deliveries = createDeliveries({ store, clock, log, audit, spending, push: ports.push })
  const notices = createNotices({ clock, log, audit, spending, push: ports.push })
  const interruptions = createInterruptions({ terminal, clock })
  const { hands } = interruptions
  const betweenTurns = createBetweenTurns({ clock, find, deliver: (ask) => void deliver(ask) })
  const replies = createReplies({
    ...{ terminal, hands, clock, log, isOurs, pendingOf, find, apply },
    ...{ last: store.lastReply, onPerson: betweenTurns.prompted },
  })
  const refusals = createRefusals({ hands, log, find, apply })
  const { subagentWaitMs } = approvals
  const keyboards = createKeyboardWatch({ terminal, clock, log, subagentWaitMs, find, apply })

  const dialogs = createDialogs({
    ...{ terminal, hands, clock, log, isOurs },
    askMs: approvals.askMs,
    desk: { freshId, find, pendingOf, put, apply },
  })
  const deadlines = createDeadlines({ clock, onTimeout: approvals.onTimeout, find, apply })
  const deeds = createDeeds({
    store,
    audit,
    spending,
    waiters,
    clock,
    log,
    askMs: approvals.askMs,
    allowForGood: ports.allowForGood ?? (async () => {}),
    desk: { freshId, find, pendingOf, put, apply, ...deadlines },
  })

  for (const { id } of store.open()) follow(find(id))

  const restarts = createRestarts()

  /** Opens an ask of this session, or finds the one that the same hook opened before. Throws `too-many-asks`, `used-up`. */
  function open(session: SessionRef, draft: AskDraft): Ask {
    const known = store.byKey(session.id, draft.key)
    if (known !== null) return known
    const { length: count } = store.open(session.id)
    if (count >= MAX_PENDING) throw problem('too-many-asks', { session: session.name, count })
    const usedUp = spending.draw(session, { questions: 1, asks: 1, bytes: bytesOf(draft) })
    if (usedUp !== null) throw problem('used-up', { session: session.name, told: BUDGETS[usedUp].told })
    const seesKeyboard = terminal.keyboardAt !== undefined
    const ask = newHookAsk({ session, draft, id: freshId(), now: clock.now(), approvals, seesKeyboard })
    for (const old of pendingOf(session.id, [...CALL_KINDS, 'reply'])) {
      const because = replacedBy(ask, old)
      if (because !== null) apply(old, { type: 'supersede', because })
    }
    if (isCall(ask)) dialogs.yieldTo(ask)
    const approval = standing.take(ask)
    if (approval === null) return put(ask)
    spending.giveBack(session, 'questions', 1)
    insert(ask)
    audit.record(ask, 'used', { approvals: [approval] })
    return apply(ask, STANDING_YES)
  }

  function insert(ask: Ask): void {
    store.insert(ask, hashToken(linkToken(key, ask.id)))
    audit.asked(ask)
  }

  /** Why an older question of the session is over now that there is a new one; null when it is not. */
  function replacedBy(ask: Ask, old: Ask): Because | null {
    if (ask.kind === 'reply' && old.kind === 'reply') return 'newer'
    if (!isStranded(old)) return null
    if (isSameCall(ask, old)) return 'newer'
    // A Claude of the user's own that has ended its turn waits for no call of it. In a box anybody could say so.
    const isOver = ask.kind === 'reply' && !isOurs(ask.session) && old.context.agent_id === undefined
    return isOver && old.context.claude_session === ask.context.claude_session ? 'ended-in-session' : null
  }

  function follow(ask: Ask): void {
    deadlines.arm(ask)
    keyboards.follow(ask)
  }

  /** From now on a person may answer it. */
  function put(ask: Ask): Ask {
    insert(ask)
    follow(ask)
    betweenTurns.ring(ask)
    return ask
  }

  /**
   * A person's answer. Throws with a code and does nothing when the ask has ended, shows something else than what was
   * answered, or when a reply cannot be typed now. `from` is the browser, in words of our own.
   */
  async function answer(id: AskId, given: Answer, by: string, from?: string): Promise<Ask> {
    const ask = find(id)
    try {
      return await take(ask, given, by, from)
    } catch (error) {
      audit.refused(ask, by, error instanceof Problem ? error.code : 'internal', from)
      throw error
    }
  }

  async function take(ask: Ask, given: Answer, by: string, from?: string): Promise<Ask> {
    if (given.digest !== undefined && given.digest !== ask.digest) throw problem('digest-mismatch')
    if (ask.state !== 'pending') throw ended(ask)
    if (isStranded(ask) && given.answer !== 'deny')
      throw problem('keyboard-only', { why: describeHookEnd(ask) })
    const decision = decide(ask, given, approvals.askRules(ask.session))
    const keys = keysFor(ask)
    if (keys === null && given.stop) interruptions.note(ask.session)
    await keys?.type(ask, given)
    const next = apply(find(ask.id), { type: 'answer', answer: given, decision, by, from })
    if (next.answer !== given) throw ended(next, keys === null ? 'already-ended' : 'ended-meanwhile')
    if (keys !== null) return keys.confirm(next, given)
    if (isDoorKind(next.kind)) deeds.remember(next, given)
    else standing.keep(next, given)
    return next
  }

  /** What goes into the pane with an answer; null where a hook takes it. */
  function keysFor(ask: Ask) {
    if (ask.kind === 'reply') return replies
    if (ask.kind === 'dialog') return dialogs
    return isStranded(ask) ? refusals : null
  }

  /** Waits until the ask has ended, at most `sliceMs`, or until `gone` says that the hook hung up. */
  async function outcome(
    session: SessionId,
    id: AskId,
    sliceMs: number,
    gone: AbortSignal,
  ): Promise<Outcome> {
    if (findOf(session, id).state === 'pending') {
      deadlines.hookIsBack(id)
      apply(find(id), { type: 'hook-back' })
      await waiters.wait(id, sliceMs, gone)
      if (find(id).state === 'pending' && !waiters.isWaitedFor(id))
        deadlines.expectHook(id, { wasCutOff: gone.aborted })
    }
    return toOutcome(find(id))
  }

  /** The session's own hook takes its question back. What that is worth depends on what the host has seen. */
  async function withdraw(session: SessionId, id: AskId, claim: Claim): Promise<void> {
    const ask = findOf(session, id)
    if (ask.state !== 'pending') return
    const keyboard = await keyboardSince({ terminal, clock }, session, ask.createdAt)
    const around = { isOurs: isOurs(session), keyboard, wasInterrupted: interruptions.isRecent(session) }
    apply(find(id), endOfHook(ask, claim, around))
  }

  /** What was seen of an answer in the session. Labels only: it changes what is shown, and nothing that is done. */
  function hookSaw(session: SessionId, id: AskId, { result, reason }: HookResult): void {
    const said = reason ?? 'too late: it was over by then'
    const why = isOurs(session) && reason !== undefined ? `the session says: ${said}` : said
    apply(
      findOf(session, id),
      result === 'applied' ? { type: 'confirmed' } : { type: 'refuted', reason: why },
    )
  }

  /** News of a session. It can end its own asks and confirm its own replies, nothing else. */
  function hear(session: SessionRef, news: Signal): void {
    if (isSkipped(news.context, approvals)) return
    dialogs.hear(session, news)
    notices.hear(session, news)
    if (news.event === 'UserPromptSubmit')
      replies.promptSubmitted(session.id, news.text ?? '', pendingOf(session.id, ['reply']))
    if (news.event !== 'SessionEnd') return
    for (const { id, kind, claudeSession } of store.open(session.id)) {
      if (isHostKind(kind) || claudeSession !== news.context.claude_session) continue
      const ask = find(id)
      if (!isOurs(session.id)) apply(ask, { type: 'supersede', because: 'session-ended' })
      // That a box has ended the host knows better; a call stays as long as that does not.
      else if (!isCall(ask)) apply(ask, { type: 'supersede', because: 'ended-in-session' })
    }
  }

  /** Sessions that exist no longer take their asks and standing approvals with them. */
  function keepOnly(sessions: readonly SessionRef[]): void {
    dialogs.keepOnly(sessions)
    const living = new Set(sessions.map((session) => session.id))
    // Whoever asked in the container before is there no longer, and a key in the new one's pane is for somebody else.
    for (const id of restarts.find(sessions)) dismiss(id)
    for (const id of new Set(store.open().map((ask) => ask.session))) if (!living.has(id)) dismiss(id)
    store.dropStandingExcept(living)
    for (const part of [notices, betweenTurns, interruptions]) part.keepOnly(living)
  }

  /** A session is over, and nothing that it asked can be answered any more. */
  function dismiss(session: SessionId): void {
    for (const { id } of store.open(session)) apply(find(id), { type: 'supersede', because: 'session-ended' })
  }

  function apply(ask: Ask, event: AskEvent): Ask {
    const next = step(ask, event, clock.now())
    if (!next.changed) return next.ask
    if (next.ask.state === 'pending') {
      store.annotate(next.ask)
      if (event.type === 'hook-ended') audit.record(ask, 'hook-ended', { how: event.how })
      keyboards.follow(next.ask)
    } else if (ask.state === 'pending') {
      // Somebody else was first: their end stands, and this one never happened.
      if (!store.end(next.ask)) return find(ask.id)
      audit.ended(next.ask)
      keyboards.cancel(ask.id)
    } else {
      store.annotate(next.ask)
      audit.result(next.ask)
    }
    for (const effect of next.effects) {
      if (effect.type === 'release') {
        deadlines.cancel(next.ask.id)
        waiters.release(next.ask.id)
      }
      if (effect.type === 'let-hook-go') deadlines.hookIsBack(next.ask.id)
      if (effect.type === 'set-deadline') deadlines.setDeadline(next.ask)
      if (effect.type === 'withdraw-pushes') void deliveries.withdraw(next.ask.id)
      if (effect.type === 'expect-confirmation') deadlines.expectConfirmation(next.ask.id)
    }
    return next.ask
  }

  function freshId(): AskId {
    const id = newId() as AskId
    return store.byId(id) === null ? id : freshId()
  }

  function find(id: AskId): Ask {
    const ask = store.byId(id)
    if (ask === null) throw problem('not-found')
    return ask
  }

  /** A session sees its hooks' own asks only; any other id is as unknown as one that never was. */
  function findOf(session: SessionId, id: AskId): Ask {
    const ask = find(id)
    if (ask.session !== session || isHostKind(ask.kind)) throw problem('not-found')
    return ask
  }

  /** Oldest first; of those kinds alone, where some are named. */
  function pendingOf(session: SessionId, kinds?: readonly AskKind[]): Ask[] {
    const open = store.open(session).filter(({ kind }) => kinds?.includes(kind) ?? true)
    return open.map(({ id }) => find(id))
  }

  const deliver = (ask: Ask) => deliveries.deliver(ask, linkOf(ask.id))

  function linkOf(id: AskId): string | null {
    const base = linkBase()
    return base === null ? null : `${base}/a/${linkToken(key, id)}`
  }

  return {
    open,
    answer,
    outcome,
    withdraw,
    hookSaw,
    hear,
    skips: ({ context }: AskDraft): boolean => isSkipped(context, approvals),
    keepOnly,
    dismiss,
    /** All sessions that are known to live; asks of others stay as they are. */
    meet: dialogs.keepOnly,
    /** Whether a deed at one of the session's doors may be done. Rejects only for bugs. */
    judge: deeds.judge,
    /** What waits for a key in the session of that name, as an ask; null when nothing does. Throws `no-such-session`. */
    look: dialogs.look,
    find,
    view: (ask: Ask): AskView => toView(ask, linkOf(ask.id), terminal.whyNotTyped?.(ask.session) ?? null),
    /** The ask behind an answer link, or null. */
    byToken: (token: string): Ask | null => (isToken(token) ? store.byLink(hashToken(token)) : null),
    recent: (limit: number): Ask[] => store.recent(limit),
    pending: (): Ask[] => store.open().map(({ id }) => find(id)),
    /** The open ones, or also the newest of the others, oldest first; of long ones head and tail. */
    list: store.list,
    countPending: (): number => store.open().length,
    /** Budgets of sessions that are used up. */
    usedUp: spending.usedUp,
    /** Where an ask stands among the open ones of its session, oldest first; null for an ended one. */
    placeOf(ask: Ask): { number: number; of: number } | null {
      const open = store.open(ask.session)
      const at = open.findIndex(({ id }) => id === ask.id)
      return at < 0 ? null : { number: at + 1, of: open.length }
    },
    warn: notices.warn,
    startFailed: notices.startFailed,
    /** What was approved in advance, and how to take it back. */
    standing: { list: standing.list, revoke: standing.revoke },
    /** Entries of the audit behind the one of that number, oldest first. */
    auditAfter: audit.after,
    /** A person has the ask in sight, at that door. */
    shown: audit.shown,
    pushStatistics: () => store.pushStatistics(),
    /** Once links lead somewhere: does what a responder before this one was kept from. */
    resume: () => resume({ store, find, deliver, ...deadlines }),
    /** Lets go of every timer and waiter; what is pending stays pending in the store. */
    close(): void {
      betweenTurns.close()
      deadlines.close()
      keyboards.close()
      deliveries.close()
      dialogs.close()
      waiters.close()
    },
  }
}

function ended(ask: Ask, code: 'already-ended' | 'ended-meanwhile' = 'already-ended'): Error {
  return problem(code, { why: describeEnd(ask) })
}
