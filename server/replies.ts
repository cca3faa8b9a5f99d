/** Replies are typed into the pane, and believed only when Claude reports the prompt. */
import type { Ask } from './ask.ts'
import { problem } from './errors.ts'
import type { AskEvent } from './lifecycle.ts'
import type { Terminal } from './ports.ts'
import type { Answer, AskId, SessionId } from './protocol.ts'

type Options = {
  terminal: Terminal
  find: (id: AskId) => Ask
  apply: (ask: Ask, event: AskEvent) => Ask
  /** The session's newest reply, ended or not. */
  last: (session: SessionId) => Ask | null
}

/** Types replies one at a time per ask and matches them with the prompts that Claude reports. */
export function createReplies({ terminal, find, apply, last: lastOf }: Options) {
  /** Replies on their way into a pane, and whether Claude has already reported the prompt. */
  const typing = new Map<AskId, { text: string; seen: boolean }>()
  const seenEarly = new Set<AskId>()

  /** Typing comes before the answer counts: what could not be typed leaves its question open. */
  async function type(ask: Ask, given: Answer): Promise<void> {
    if (typing.has(ask.id)) throw problem('being-answered')
    const entry = { text: given.message ?? '', seen: false }
    typing.set(ask.id, entry)
    try {
      const typed = await terminal.typeInto(ask.session, entry.text, { asCommand: given.as_command ?? false })
      if (typed.status === 'refused') throw problem('not-typed', { why: typed.message })
      if (entry.seen) seenEarly.add(ask.id)
    } finally {
      typing.delete(ask.id)
    }
  }

  /** The answered reply, confirmed if the prompt was reported while it was still being typed. */
  function confirm(ask: Ask): Ask {
    return seenEarly.delete(ask.id) ? apply(ask, { type: 'confirmed' }) : find(ask.id)
  }

  /** Claude got a prompt: one of ours, or one from the keyboard that makes an open question moot. */
  function promptSubmitted(session: SessionId, prompt: string, pending: Ask[]): void {
    for (const ask of pending) {
      if (ask.kind !== 'reply') continue
      const entry = typing.get(ask.id)
      if (entry === undefined) apply(ask, { type: 'supersede', because: 'answered-at-keyboard' })
      else if (contains(prompt, entry.text)) entry.seen = true
    }
    const last = lastOf(session)
    if (last?.state === 'answered' && contains(prompt, last.answer?.message ?? ''))
      apply(last, { type: 'confirmed' })
  }

  return { type, confirm, promptSubmitted }
}

/** Claude gets a reply with a harmless prefix or folded white space; it is still the same reply. */
function contains(prompt: string, text: string): boolean {
  const squeeze = (one: string) => one.replace(/\s+/g, '')
  return text.trim() !== '' && squeeze(prompt).includes(squeeze(text))
}
