import { describe, expect, test } from 'vitest'
import { type Around, type Claim, endOfHook } from '../../../../server/endings/end-of-hook.ts'
import type { AskKind } from '../../../../server/protocol.ts'
import { anAsk } from '../asks.ts'

const CLAIMS: Claim[] = ['answered-at-keyboard', 'stopped', 'claude-ended', 'let-go', 'hook-gone']
const agent = { claude_session: 'c1', cwd: '/', agent_id: 'a1' }
const box = { isOurs: true, keyboard: 'unused', wasInterrupted: false } as const
const own = { ...box, isOurs: false } as const

/** In one word: why it ended, or how the hook did whose question stands. */
function end(claim: Claim, around: Around, change: Parameters<typeof anAsk>[0] = {}): string {
  const event = endOfHook(anAsk(change), claim, around)
  if (event.type === 'supersede') return event.because
  return event.type === 'hook-ended' ? `stays, ${event.how}` : event.type
}

describe('in a box', () => {
  const KINDS: AskKind[] = ['permission', 'question', 'plan', 'form']
  const unproven = (['unused', 'unknown'] as const).flatMap((keyboard) =>
    KINDS.flatMap((kind) => CLAIMS.map((claim) => [claim, kind, keyboard] as const)),
  )
  test.each(unproven)('%s of a %s ends nothing while the keyboard is %s', (claim, kind, keyboard) => {
    const said = end(claim, { ...box, keyboard }, { kind })
    expect(said).toMatch(claim === 'let-go' && kind === 'question' ? /^let-go$/ : /^stays, /)
  })

  test.each([
    ['answered-at-keyboard', 'answered-at-keyboard'],
    ['stopped', 'answered-at-keyboard'],
    // Who closes a session, or lets a hook's time run out, has answered nothing.
    ['claude-ended', 'stays, stopped'],
    ['hook-gone', 'stays, timed-out'],
  ] as const)('%s while a key was pressed: %s', (claim, said) => {
    expect(end(claim, { ...box, keyboard: 'used' })).toBe(said)
  })
})

describe("of a Claude of the user's own", () => {
  test.each([
    ['answered-at-keyboard', 'unknown', 'ended-in-session'],
    ['answered-at-keyboard', 'unused', 'unknown'],
    ['answered-at-keyboard', 'used', 'answered-at-keyboard'],
    ['stopped', 'unknown', 'unknown'],
    ['stopped', 'unused', 'unknown'],
    ['stopped', 'used', 'answered-at-keyboard'],
    ['claude-ended', 'used', 'session-ended'],
    ['claude-ended', 'unknown', 'session-ended'],
    ['let-go', 'used', 'unknown'],
    ['hook-gone', 'used', 'stays, timed-out'],
  ] as const)('%s, the keyboard %s: %s', (claim, keyboard, said) => {
    expect(end(claim, { ...own, keyboard })).toBe(said)
  })

  test('a question that Claude let go is told as that, whoever sits there', () => {
    expect(end('let-go', { ...own, keyboard: 'used' }, { kind: 'question' })).toBe('let-go')
  })
})

test.each([own, { ...box, keyboard: 'used' as const }])(
  'a background agent shows no dialog that a key could have answered: it was stopped (%j)',
  (around) => expect(end('stopped', around, { context: agent })).toBe('task-ended'),
)

test.each([box, own])(
  'what ends just after a key or a word from here was interrupted by that (%j)',
  (around) => {
    for (const claim of ['stopped', 'answered-at-keyboard'] as const)
      expect(end(claim, { ...around, wasInterrupted: true })).toBe('interrupted')
  },
)
