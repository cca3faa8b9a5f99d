/**
 * A No to a question whose hook has gone. Esc refuses whatever dialog is really there, and can allow nothing; a word to
 * Claude lets it ask again, which brings a new hook.
 */

import type { Ask } from '../asks/ask.ts'
import { summary } from '../claude/summary.ts'
import { problem } from '../errors.ts'
import type { Log, Terminal } from '../ports.ts'
import type { Answer, AskId } from '../protocol.ts'
import { shorten } from '../text/preview.ts'
import type { Ledger } from './ledger.ts'

const LENGTH = 200

type Parts = {
  ledger: Ledger
  hands: Pick<Terminal, 'escape' | 'typeInto'>
  log: Log
}

export type Refusals = ReturnType<typeof createRefusals>

export function createRefusals({ ledger, hands, log }: Parts) {
  const pressing = new Set<AskId>()
  const gone = new Set<AskId>()

  /** Pressing comes before the answer counts: what could not be pressed leaves its question open. */
  async function type(ask: Ask): Promise<void> {
    if (pressing.has(ask.id)) throw problem('being-answered')
    pressing.add(ask.id)
    try {
      const pressed = await hands.escape(ask.session)
      if (pressed.status === 'refused') throw problem('not-pressed', { why: pressed.message })
      if (pressed.isGone) gone.add(ask.id)
    } finally {
      pressing.delete(ask.id)
    }
  }

  /** The refused ask, confirmed if what Claude showed went away. Unless Claude is to stop, it is told on the way. */
  function confirm(ask: Ask, given: Answer): Ask {
    if (given.stop !== true) {
      void tell(ask, given.message).catch((error: Error) =>
        log('warn', 'Claude could not be told of a No', { ask: ask.id, error: error.message }),
      )
    }
    return gone.delete(ask.id) ? ledger.apply(ask, { type: 'confirmed' }) : ledger.find(ask.id)
  }

  async function tell(ask: Ask, message = ''): Promise<void> {
    const typed = await hands.typeInto(ask.session, message || toWords(ask), { asCommand: false })
    if (typed.status === 'refused')
      log('warn', 'Claude could not be told of a No', { ask: ask.id, why: typed.message })
  }

  return { type, confirm }
}

function toWords({ tool, input }: Ask): string {
  const what = shorten(summary(tool, input).replace(/\s+/g, ' '), LENGTH)
  const call = [tool, what].filter(Boolean).join(' ')
  return `I said No to this from afar, since the hook that asked for it had ended and no other answer could reach you: ${call}. If it is still needed, call it again, so that I am asked once more.`
}
