/**
 * The desk holds every ask and everyone who waits for one. It decides nothing by itself: `lifecycle.ts` says what
 * happens, the store remembers it before anybody is told, and the ports carry it out.
 */
import { type Ask, describeEnd, digestOf, toView } from './ask.ts'
import { toPush } from './attention.ts'
import { hashToken, isToken, linkToken } from './auth.ts'
import { decide, standingKeys } from './decide.ts'
import { problem } from './errors.ts'
import { type AskEvent, step } from './lifecycle.ts'
import type { Clock, Log, NewId, PushService, SessionRef, Terminal } from './ports.ts'
import type { Answer, AskDraft, AskId, AskView, Decision, Outcome, SessionId, Signal } from './protocol.ts'
import { findRules } from './rules.ts'
import type { Store } from './store.ts'

/** A session that opens more questions than this has gone astray, or wants to bury one of them. */
const MAX_PENDING = 50
/** A hook asks at least every slice; this many milliseconds without it, and nobody waits any more. */
const HOOK_GONE_MS = 90_000
const CONFIRMATION_MS = 5_000

export type Approvals = {
  askMs: number
  onTimeout: 'wait' | 'deny'
  subagentWaitMs: number
  askRules: readonly string[]
}

export type DeskOptions = {
  store: Store
  push: readonly PushService[]
  terminal: Terminal
  clock: Clock
  newId: NewId
  log: Log
  key: Buffer
  approvals: Approvals
  /** Where answer links lead, without a final slash; null while no phone door is open. */
  linkBase: () => string | null
}

export type Desk = ReturnType<typeof createDesk>

/** A desk over what the store already holds: pending asks go on waiting as if nothing had happened. */
export function createDesk(options: DeskOptions) {
  const { store, clock, log, key, approvals, terminal } = options
  const waiters = new Map<AskId, Set<() => void>>()
  const timers = new Map<string, () => void>()
  /** Replies that are being typed, and whether Claude has already reported the prompt. */
  const typing = new Map<AskId, { text: string; seen: boolean }>()

  for (const ask of store.pending()) arm(ask)

  /** Opens an ask of this session, or finds the one that the same hook opened before. Throws `too-many-asks`. */
  function open(session: SessionRef, draft: AskDraft): Ask {
    const known = store.byKey(session.id, draft.key)
    if (known !== null) return known
    const others = pendingOf(session.id)
    if (others.length >= MAX_PENDING)
      throw problem('too-many-asks', { session: session.name, count: others.length })
    const ask = toAsk(session, draft)
    if (ask.kind === 'reply') {
      for (const old of others) if (old.kind === 'reply') apply(old, { type: 'supersede', because: 'newer' })
    }
    store.insert(ask, hashToken(linkToken(key, ask.id)))
    record(ask, 'asked', { kind: ask.kind, tool: ask.tool, rules: ask.rules, digest: ask.digest })
    arm(ask)
    if (standsApproved(ask)) {
      return apply(ask, {
        type: 'answer',
        answer: { answer: 'allow' },
        decision: { behavior: 'allow' },
        by: 'standing approval',
      })
    }
    void pushAll(ask)
    return ask
  }

  function toAsk(session: SessionRef, draft: AskDraft): Ask {
    const shown = {
      kind: draft.kind,
      tool: draft.tool ?? null,
      input: draft.input,
      suggestions: draft.suggestions,
      text: draft.text ?? null,
    }
    const now = clock.now()
    return {
      ...shown,
      id: freshId(),
      key: draft.key,
      session: session.id,
      sessionName: session.name,
      context: draft.context,
      digest: digestOf(shown),
      rules: findRules(approvals.askRules, shown.tool, shown.input),
      waits: draft.client_wait_ms !== undefined,
      createdAt: now,
      deadline: now + waitMs(draft),
      state: 'pending',
      because: null,
      answer: null,
      answeredBy: null,
      endedAt: null,
      decision: null,
      result: null,
      resultReason: null,
    }
  }

  /** A subagent's dialog is hidden while its hook waits (Claude Code 2.1.330), so it waits a shorter time. */
  function waitMs(draft: AskDraft): number {
    const limits = [approvals.askMs]
    if (draft.client_wait_ms !== undefined) limits.push(Math.max(0, draft.client_wait_ms - 15_000))
    if (draft.context.agent_id !== undefined) limits.push(approvals.subagentWaitMs)
    return Math.min(...limits)
  }

  function freshId(): AskId {
    for (;;) {
      const id = options.newId() as AskId
      if (store.byId(id) === null) return id
    }
  }

  function standsApproved(ask: Ask): boolean {
    if (ask.kind !== 'permission' || ask.suggestions.length > 0) return false
    const approved = store.standingOf(ask.session)
    return standingKeys(ask).every((one) => approved.has(one))
  }

  /**
   * A person's answer. Throws with a code and does nothing when the ask has ended, shows something else than what was
   * answered, or when a reply cannot be typed now.
   */
  async function answer(id: AskId, given: Answer, by: string): Promise<Ask> {
    const ask = find(id)
    if (given.digest !== undefined && given.digest !== ask.digest) throw problem('digest-mismatch')
    if (ask.state !== 'pending') throw ended(ask)
    const decision = decide(ask, given)
    if (ask.kind === 'reply') return await reply(ask, given, by)
    const next = apply(ask, { type: 'answer', answer: given, decision, by })
    if (next.state !== 'answered') throw ended(next)
    if (given.answer === 'always' && ask.suggestions.length === 0) {
      for (const what of standingKeys(ask)) store.addStanding(ask.session, what, ask.id, clock.now())
    }
    return next
  }

  /** Typing comes first: a reply that could not be typed leaves its question open. */
  async function reply(ask: Ask, given: Answer, by: string): Promise<Ask> {
    if (typing.has(ask.id)) throw problem('being-answered')
    const entry = { text: given.message ?? '', seen: false }
    typing.set(ask.id, entry)
    try {
      const typed = await terminal.typeInto(ask.session, entry.text, { asCommand: given.as_command ?? false })
      if (typed.status === 'refused') throw problem('not-typed', { why: typed.message })
      const next = apply(find(ask.id), { type: 'answer', answer: given, decision: null, by })
      if (next.state !== 'answered') throw ended(next)
      return entry.seen ? apply(next, { type: 'confirmed' }) : next
    } finally {
      typing.delete(ask.id)
    }
  }

  /** Waits until the ask has ended, at most `sliceMs`, or until `gone` says that the hook hung up. */
  async function outcome(
    session: SessionId,
    id: AskId,
    sliceMs: number,
    gone: AbortSignal,
  ): Promise<Outcome> {
    const ask = findOf(session, id)
    if (ask.state === 'pending') await someoneAnswers(ask, sliceMs, gone)
    return toOutcome(find(id))
  }

  async function someoneAnswers(ask: Ask, sliceMs: number, gone: AbortSignal): Promise<void> {
    disarm(`hook-gone ${ask.id}`)
    const waiting = waiters.get(ask.id) ?? new Set()
    waiters.set(ask.id, waiting)
    await new Promise<void>((resolve) => {
      const finish = () => {
        cancel()
        waiting.delete(finish)
        gone.removeEventListener('abort', finish)
        resolve()
      }
      const cancel = clock.after(sliceMs, finish)
      waiting.add(finish)
      gone.addEventListener('abort', finish)
      if (gone.aborted) finish()
    })
    const now = store.byId(ask.id)
    if (now?.state === 'pending' && waiting.size === 0) armHookGone(now)
  }

  /** The session's own hook takes its question back. */
  function withdraw(session: SessionId, id: AskId, because: 'answered-at-keyboard' | 'hook-gone'): void {
    apply(findOf(session, id), { type: 'supersede', because })
  }

  /** What the session's hook saw when it printed the decision. */
  function hookSaw(session: SessionId, id: AskId, result: 'printed' | 'late'): void {
    apply(findOf(session, id), { type: result === 'printed' ? 'hook-printed' : 'hook-late' })
  }

  /** News of a session. It can end its own asks and confirm its own replies, nothing else. */
  function hear(session: SessionRef, news: Signal): void {
    if (news.event === 'UserPromptSubmit') return promptSubmitted(session, news.text ?? '')
    if (news.event !== 'SessionEnd') return
    for (const ask of pendingOf(session.id)) {
      if (ask.context.claude_session === news.context.claude_session) {
        apply(ask, { type: 'supersede', because: 'session-ended' })
      }
    }
  }

  function promptSubmitted(session: SessionRef, prompt: string): void {
    for (const ask of pendingOf(session.id)) {
      if (ask.kind !== 'reply') continue
      const entry = typing.get(ask.id)
      if (entry !== undefined && contains(prompt, entry.text)) entry.seen = true
      else apply(ask, { type: 'supersede', because: 'answered-at-keyboard' })
    }
    const last = store.recent(20).find((ask) => ask.session === session.id && ask.kind === 'reply')
    if (last?.state === 'answered' && contains(prompt, last.answer?.message ?? ''))
      apply(last, { type: 'confirmed' })
  }

  /** Sessions that exist no longer take their asks and standing approvals with them. */
  function keepOnly(sessions: readonly SessionRef[]): void {
    const living = new Set(sessions.map((session) => session.id))
    for (const ask of store.pending()) {
      if (living.has(ask.session)) continue
      apply(ask, { type: 'supersede', because: 'session-ended' })
      store.dropStanding(ask.session)
    }
  }

  function apply(ask: Ask, event: AskEvent): Ask {
    const next = step(ask, event, clock.now())
    if (!next.changed) return next.ask
    if (ask.state === 'pending') {
      // Somebody else was first: their end stands, and ours never happened.
      if (!store.end(next.ask)) return find(ask.id)
      record(next.ask, next.ask.state, {
        by: next.ask.answeredBy,
        answer: next.ask.answer,
        because: next.ask.because,
      })
    } else {
      store.annotate(next.ask)
      record(next.ask, 'result', { result: next.ask.result, reason: next.ask.resultReason })
    }
    for (const effect of next.effects) {
      if (effect.type === 'release') release(next.ask.id)
      if (effect.type === 'withdraw-pushes') void withdrawPushes(next.ask.id)
      if (effect.type === 'expect-confirmation') expectConfirmation(next.ask.id)
    }
    return next.ask
  }

  function release(id: AskId): void {
    disarm(`deadline ${id}`)
    disarm(`hook-gone ${id}`)
    for (const finish of [...(waiters.get(id) ?? [])]) finish()
    waiters.delete(id)
  }

  function expectConfirmation(id: AskId): void {
    after(`confirm ${id}`, CONFIRMATION_MS, (ask) => apply(ask, { type: 'silence' }), id)
  }

  function arm(ask: Ask): void {
    after(`deadline ${ask.id}`, Math.max(0, ask.deadline - clock.now()), expire, ask.id)
    if (ask.waits) armHookGone(ask)
  }

  function armHookGone(ask: Ask): void {
    const gone = (now: Ask) => apply(now, { type: 'supersede', because: 'hook-gone' })
    after(`hook-gone ${ask.id}`, HOOK_GONE_MS, gone, ask.id)
  }

  /** Clocks jump and timers have limits: an ask expires by the clock, however often the timer fires. */
  function expire(ask: Ask): void {
    const left = ask.deadline - clock.now()
    if (left > 0) return after(`deadline ${ask.id}`, left, expire, ask.id)
    apply(ask, { type: 'deadline', decision: ask.waits ? onTimeout() : null })
  }

  function onTimeout(): Decision | null {
    if (approvals.onTimeout === 'wait') return null
    return {
      behavior: 'deny',
      message:
        'Nobody answered in time, so this was denied. Go on without it, or stop and say what you need.',
    }
  }

  /** setTimeout turns delays beyond 2^31 ms into 1 ms, so long ones come in stages. */
  function after(name: string, delayMs: number, task: (ask: Ask) => void, id: AskId): void {
    disarm(name)
    const run = () => {
      timers.delete(name)
      const ask = store.byId(id)
      if (ask !== null) task(ask)
    }
    timers.set(name, clock.after(Math.min(delayMs, 2 ** 31 - 1), run))
  }

  function disarm(name: string): void {
    timers.get(name)?.()
    timers.delete(name)
  }

  async function pushAll(ask: Ask): Promise<void> {
    const push = toPush(ask, linkOf(ask.id))
    await Promise.all(options.push.map((service) => pushOne(service, ask)))
    async function pushOne(service: PushService, of: Ask): Promise<void> {
      try {
        const receipt = await service.send(push)
        store.addPush(of.id, receipt, clock.now(), null)
        if (store.byId(of.id)?.state !== 'pending') await service.withdraw?.(receipt)
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        store.addPush(of.id, { service: service.name, ref: null }, clock.now(), message)
        log('warn', 'a push was not delivered', { ask: of.id, service: service.name, error: message })
      }
    }
  }

  async function withdrawPushes(id: AskId): Promise<void> {
    for (const receipt of store.pushesOf(id)) {
      await options.push.find((service) => service.name === receipt.service)?.withdraw?.(receipt)
    }
  }

  function find(id: AskId): Ask {
    const ask = store.byId(id)
    if (ask === null) throw problem('not-found')
    return ask
  }

  /** A session sees its own asks only; a stranger's id is as unknown as one that never was. */
  function findOf(session: SessionId, id: AskId): Ask {
    const ask = find(id)
    if (ask.session !== session) throw problem('not-found')
    return ask
  }

  function pendingOf(session: SessionId): Ask[] {
    return store.pending().filter((ask) => ask.session === session)
  }

  function linkOf(id: AskId): string | null {
    const base = options.linkBase()
    return base === null ? null : `${base}/a/${linkToken(key, id)}`
  }

  function record(ask: Ask, event: string, detail: unknown): void {
    store.audit({ at: clock.now(), event, session: ask.session, ask: ask.id, detail })
    log('info', event, { ask: ask.id, session: ask.sessionName, kind: ask.kind })
  }

  return {
    open,
    answer,
    outcome,
    withdraw,
    hookSaw,
    hear,
    keepOnly,
    find,
    view: (ask: Ask): AskView => toView(ask, linkOf(ask.id)),
    /** The ask behind an answer link, or null. */
    byToken: (token: string): Ask | null => (isToken(token) ? store.byLink(hashToken(token)) : null),
    recent: (limit: number): Ask[] => store.recent(limit),
    pending: (): Ask[] => store.pending(),
    pushStatistics: () => store.pushStatistics(),
    /** Lets go of every timer and waiter; what is pending stays pending in the store. */
    close(): void {
      for (const cancel of timers.values()) cancel()
      timers.clear()
      for (const waiting of waiters.values()) for (const finish of [...waiting]) finish()
    },
  }
}

/** Claude gets a reply with a harmless prefix or folded white space; it is still the same reply. */
function contains(prompt: string, text: string): boolean {
  const squeeze = (one: string) => one.replace(/\s+/g, '')
  return text.trim() !== '' && squeeze(prompt).includes(squeeze(text))
}

function toOutcome(ask: Ask): Outcome {
  if (ask.decision !== null) return { state: 'answered', decision: ask.decision }
  if (ask.state === 'pending') return { state: 'pending' }
  return { state: ask.state === 'expired' ? 'expired' : 'superseded' }
}

function ended(ask: Ask): Error {
  return Object.assign(problem('already-ended', { why: describeEnd(ask) }), { ask })
}
