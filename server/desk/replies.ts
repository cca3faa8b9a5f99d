/** Replies are typed into the pane, and believed only when Claude reports the prompt. */
import { type Ask, CALL_KINDS, isCall, isHidden, isStranded } from '../asks/ask.ts'
import { keyboardSince } from '../endings/keyboard.ts'
import { problem } from '../errors.ts'
import type { Clock, Log, Terminal } from '../ports.ts'
import type { Answer, AskId, Because, JsonObject, SessionId } from '../protocol.ts'
import type { Store } from '../store/store.ts'
import type { Ledger } from './ledger.ts'

type Options = {
  ledger: Ledger
  store: Pick<Store, 'lastReply'>
  terminal: Terminal
  hands: Pick<Terminal, 'typeInto'>
  clock: Clock
  log: Log
  isOurs: (session: SessionId) => boolean
}

export type Replies = ReturnType<typeof createReplies>

/** Types replies one at a time per ask and matches them with the prompts that Claude reports. */
export function createReplies({ ledger, store, terminal, hands, clock, log, isOurs }: Options) {
  /** Replies on their way into a pane, and whether Claude has already reported the prompt. */
  const typing = new Map<AskId, { text: string; seen: boolean }>()
  const seenEarly = new Set<AskId>()

  /** Typing comes before the answer counts: what could not be typed leaves its question open. */
  async function type(ask: Ask, given: Answer): Promise<void> {
    if (typing.has(ask.id)) throw problem('being-answered')
    // The empty prompt may be drawn over its dialog, and the first digit would be a Yes.
    const call = isOurs(ask.session) ? ledger.pendingOf(ask.session, CALL_KINDS).find(hasDialog) : undefined
    if (call !== undefined) throw problem('call-waits', { session: call.sessionName, ask: call.id })
    const entry = { text: given.message ?? '', seen: false }
    typing.set(ask.id, entry)
    try {
      const typed = await hands.typeInto(ask.session, entry.text, { asCommand: given.as_command ?? false })
      if (typed.status === 'refused') throw problem('not-typed', { why: typed.message })
      if (entry.seen) seenEarly.add(ask.id)
    } finally {
      typing.delete(ask.id)
    }
  }

  /** The answered reply, confirmed if the prompt was reported while it was still being typed. */
  function confirm(ask: Ask): Ask {
    return seenEarly.delete(ask.id) ? ledger.apply(ask, { type: 'confirmed' }) : ledger.find(ask.id)
  }

  /** Claude got a prompt: one of ours, or another one, which makes an open question moot. */
  function promptSubmitted(session: SessionId, prompt: string, pending: Ask[]): void {
    for (const ask of pending) {
      if (ask.kind !== 'reply') continue
      const entry = typing.get(ask.id)
      if (entry === undefined) void settle(ask, prompt)
      else if (contains(prompt, entry.text)) entry.seen = true
    }
    const last = store.lastReply(session)
    // A person's, as far as its words tell.
    if (!isOfItself(prompt, last?.input ?? {})) ledger.prompted(session)
    if (last?.state === 'answered' && contains(prompt, last.answer?.message ?? ''))
      ledger.apply(last, { type: 'confirmed' })
  }

  /** Claude has spoken again after this stop. What is being typed reaches it all the same. */
  function wentOn(ask: Ask): void {
    if (!typing.has(ask.id)) ledger.apply(ask, { type: 'supersede', because: 'went-on' })
  }

  async function settle(ask: Ask, prompt: string): Promise<void> {
    try {
      const because = await whoPrompted(ask, prompt)
      ledger.apply(ledger.find(ask.id), { type: 'supersede', because })
    } catch (error) {
      log('warn', 'a question could not be ended', { ask: ask.id, error: String(error) })
    }
  }

  async function whoPrompted({ session, createdAt, input }: Ask, prompt: string): Promise<Because> {
    if (isOfItself(prompt, input)) return 'went-on'
    const keyboard = await keyboardSince({ terminal, clock }, session, createdAt)
    if (keyboard === 'used') return 'answered-at-keyboard'
    return isOurs(session) || keyboard === 'unused' ? 'unknown' : 'ended-in-session'
  }

  return { type, confirm, promptSubmitted, wentOn }
}

/** `input`: of the reply before it, which knows the prompts of the schedules. */
function isOfItself(prompt: string, { schedules }: JsonObject): boolean {
  return OWN_PROMPT.test(prompt) || (Array.isArray(schedules) && schedules.includes(prompt))
}

/** What Claude gives itself as a prompt when a background task has ended (2.1.197 and 2.1.332); its event names no source. */
const OWN_PROMPT = /^<task-notification>/

/** A background agent's dialog is not there while its hook waits, so nothing that is typed can be for it. */
function hasDialog(ask: Ask): boolean {
  return isCall(ask) && !(isHidden(ask) && !isStranded(ask))
}

/** Claude gets a reply with a harmless prefix or folded white space; it is still the same reply. */
function contains(prompt: string, text: string): boolean {
  const squeeze = (one: string) => one.replace(/\s+/g, '')
  return text.trim() !== '' && squeeze(prompt).includes(squeeze(text))
}
