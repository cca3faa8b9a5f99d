/** Keys for a screen that was asked about: pressed as long as it is the one that was shown, and no call of Claude's waits. */
import { type Ask, CALL_KINDS, isCall } from '../asks/ask.ts'
import { isOnlyEscape, screenOf } from '../asks/screen-ask.ts'
import { problem } from '../errors.ts'
import type { PressResult, Terminal } from '../ports.ts'
import type { Answer, AskId, SessionId } from '../protocol.ts'
import type { Ledger } from './ledger.ts'

type Parts = {
  ledger: Ledger
  terminal: Pick<Terminal, 'read'>
  hands: Pick<Terminal, 'press' | 'escape'>
}

export function createScreenKeys({ ledger, terminal, hands }: Parts) {
  const pressing = new Set<AskId>()

  /** Pressing comes before the answer counts: what could not be pressed, or was in vain, leaves its question open. */
  async function type(ask: Ask, { key = '' }: Answer): Promise<void> {
    if (pressing.has(ask.id)) throw problem('being-answered')
    pressing.add(ask.id)
    try {
      refuseBeforeCall(ledger, ask.session)
      const pressed = isOnlyEscape(ask)
        ? await pressEscape(ask)
        : await hands.press(ask.session, { digest: screenOf(ask), key })
      if (pressed.status === 'refused') throw problem('not-pressed', { why: pressed.message })
      if (!pressed.isGone) throw problem('not-taken')
    } finally {
      pressing.delete(ask.id)
    }
  }

  /** Esc stops Claude where it works: it is for the screen that was shown, and for no other. */
  async function pressEscape(ask: Ask): Promise<PressResult> {
    const view = await terminal.read(ask.session)
    if (view?.digest !== screenOf(ask)) {
      const why = 'The screen shows something else by now, so nothing was pressed.'
      throw problem('not-pressed', { why })
    }
    return await hands.escape(ask.session)
  }

  return { type, isPressing: (id: AskId): boolean => pressing.has(id) }
}

/** The oldest call of the session that waits, with its hook or without. */
export function findCall(ledger: Ledger, session: SessionId): Ask | undefined {
  return ledger.pendingOf(session, CALL_KINDS).find(isCall)
}

/** Throws `call-waits` while one does: under whatever the screen shows its dialog may be. */
export function refuseBeforeCall(ledger: Ledger, session: SessionId): void {
  const call = findCall(ledger, session)
  if (call !== undefined) throw problem('call-waits', { session: call.sessionName, ask: call.id })
}
