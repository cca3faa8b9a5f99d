/** What a session's own hooks may do with its asks: wait for one, take it back, tell what they saw. They never answer. */
import { isHostKind } from '../asks/access-ask.ts'
import { type Ask, isCall, toOutcome } from '../asks/ask.ts'
import { type Approvals, isSkipped } from '../asks/hook-ask.ts'
import { type Claim, endOfHook } from '../endings/end-of-hook.ts'
import type { Interruptions } from '../endings/interruptions.ts'
import { keyboardSince } from '../endings/keyboard.ts'
import { problem } from '../errors.ts'
import type { Clock, SessionRef, Terminal } from '../ports.ts'
import type { AskId, HookResult, Outcome, SessionId, Signal, TurnEnd } from '../protocol.ts'
import type { createNotices } from '../push/notices.ts'
import type { Store } from '../store/store.ts'
import type { Ledger } from './ledger.ts'
import type { Replies } from './replies.ts'
import type { Screens } from './screens.ts'

type Parts = {
  ledger: Ledger
  store: Pick<Store, 'open'>
  terminal: Terminal
  clock: Clock
  approvals: Approvals
  isOurs: (session: SessionId) => boolean
  interruptions: Interruptions
  replies: Replies
  screens: Screens
  notices: ReturnType<typeof createNotices>
}

export function createHearing({ ledger, store, terminal, clock, approvals, isOurs, ...parts }: Parts) {
  const { interruptions, replies, screens, notices } = parts

  /** Waits until the ask has ended, at most `sliceMs`, or until `gone` says that the hook hung up. */
  async function outcome(
    session: SessionId,
    id: AskId,
    sliceMs: number,
    gone: AbortSignal,
  ): Promise<Outcome> {
    const ask = findOf(session, id)
    if (ask.state === 'pending') {
      ledger.apply(ask, { type: 'hook-back' })
      await ledger.wait(id, sliceMs, gone)
      ledger.stopWaiting(id, { wasCutOff: gone.aborted })
    }
    return toOutcome(ledger.find(id))
  }

  /** The session's own hook takes its question back. What that is worth depends on what the host has seen. */
  async function withdraw(session: SessionId, id: AskId, claim: Claim): Promise<void> {
    const ask = findOf(session, id)
    if (ask.state !== 'pending') return
    const keyboard = await keyboardSince({ terminal, clock }, session, ask.createdAt)
    const around = { isOurs: isOurs(session), keyboard, wasInterrupted: interruptions.isRecent(session) }
    ledger.apply(ledger.find(id), endOfHook(ask, claim, around))
  }

  /** What was seen of an answer in the session. Labels only: it changes what is shown, and nothing that is done. */
  function hookSaw(session: SessionId, id: AskId, { result, reason }: HookResult): void {
    const said = reason ?? 'too late: it was over by then'
    const why = isOurs(session) && reason !== undefined ? `the session says: ${said}` : said
    ledger.apply(
      findOf(session, id),
      result === 'applied' ? { type: 'confirmed' } : { type: 'refuted', reason: why },
    )
  }

  /** What the session says of a turn whose end it watched: its own push leaves, once, or its own ask is moot. */
  function turnSeen(session: SessionId, id: AskId, { turn }: TurnEnd): void {
    const ask = findOf(session, id)
    if (ask.kind !== 'reply' || ask.state !== 'pending') return
    if (turn === 'over') ledger.turnIsOver(ask)
    else replies.wentOn(ask)
  }

  /** News of a session. It can end its own asks and confirm its own replies, nothing else. */
  function hear(session: SessionRef, news: Signal): void {
    if (isSkipped(news.context, approvals)) return
    screens.hear(session, news)
    notices.hear(session, news)
    if (news.event === 'UserPromptSubmit')
      replies.promptSubmitted(session.id, news.text ?? '', ledger.pendingOf(session.id, ['reply']))
    if (news.event === 'SessionEnd') endAsksOf(session.id, news.context.claude_session)
  }

  function endAsksOf(session: SessionId, claudeSession: string): void {
    for (const open of store.open(session)) {
      if (isHostKind(open.kind) || open.claudeSession !== claudeSession) continue
      const ask = ledger.find(open.id)
      if (!isOurs(session)) ledger.apply(ask, { type: 'supersede', because: 'session-ended' })
      // That a box has ended the host knows better; a call stays as long as that does not.
      else if (!isCall(ask)) ledger.apply(ask, { type: 'supersede', because: 'ended-in-session' })
    }
  }

  /** A session sees its hooks' own asks only; any other id is as unknown as one that never was. */
  function findOf(session: SessionId, id: AskId): Ask {
    const ask = ledger.find(id)
    if (ask.session !== session || isHostKind(ask.kind)) throw problem('not-found')
    return ask
  }

  return { outcome, withdraw, hookSaw, turnSeen, hear }
}
