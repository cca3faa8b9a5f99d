/** What is folded into one card, and what never is. */
import { describe, expect, test } from 'vitest'
import type { Ask } from '../../../../server/asks/ask.ts'
import { actorOf, toCards } from '../../../../server/inbox/cards.ts'
import { toSessionLines } from '../../../../server/inbox/sessions.ts'
import type { AskId, SessionId } from '../../../../server/protocol.ts'
import { anAsk } from '../asks.ts'

let count = 0
const ask = (change: Partial<Ask> = {}): Ask => {
  count += 1
  const id = `card${'abcdefghjk'[count % 10]}${'abcdefghjk'[Math.floor(count / 10) % 10]}` as AskId
  return anAsk({ id, session: `session${count}` as SessionId, ...change })
}
const sizes = (asks: Ask[], isAlone = (_: Ask) => false) =>
  toCards(asks, isAlone).map((card) => card.asks.length)

test('the same call in several sessions is one card', () => {
  expect(sizes([ask(), ask(), ask()])).toEqual([3])
})

describe('is a card of its own:', () => {
  test.each<[string, Partial<Ask>]>([
    ['another command', { input: { command: 'git push origin main ' } }],
    ['another description of it', { input: { command: 'git push origin main', description: 'Push' } }],
    ['the same text for another tool', { tool: 'Monitor' }],
    ['one that can be allowed for longer in another way', { suggestions: [{ type: 'setMode' }] }],
    ['one under another rule', { rules: ['Bash(git *)'] }],
    ['one whose hook has ended', { hookEnd: { how: 'lost', at: 1 } }],
    ['a plan', { kind: 'plan' }],
    ['a reply', { kind: 'reply' }],
    ['a host', { kind: 'domain' }],
  ])('%s', (_, change) => {
    expect(sizes([ask(), ask(change)]).sort()).toEqual([1, 1])
    if (change.kind !== undefined || change.hookEnd != null)
      expect(sizes([ask(change), ask(change)])).toEqual([1, 1])
  })

  test('whatever is grave', () => {
    expect(sizes([ask(), ask()], () => true)).toEqual([1, 1])
  })
})

test('what can wait the least comes first, whatever came first', () => {
  const late = ask({ deadline: 9_000, input: { command: 'late' } })
  const soon = ask({ deadline: 1_000, input: { command: 'soon' } })
  expect(toCards([late, soon], () => false).map(({ asks: [one] }) => one.id)).toEqual([soon.id, late.id])
})

test('an agent is called by its name, and Claude itself by none', () => {
  const context = { claude_session: 'c', cwd: '/w' }
  expect(actorOf({ context })).toBeNull()
  expect(actorOf({ context: { ...context, agent_id: 'a1' } })).toBe('an agent')
  expect(actorOf({ context: { ...context, agent_id: 'a1', agent_type: 'reviewer' } })).toBe('reviewer')
})

test('a session waits, is idle, or works, and those that wait come first', () => {
  const ref = (name: string) => ({ id: `id${name}` as SessionId, name, workspace: '/w', gate: '/g' })
  const open = (name: string, kind: Ask['kind']) => ({
    ...{ id: 'x' as AskId, session: `id${name}` as SessionId, kind, claudeSession: 'c', deadline: 1 },
  })
  const lines = toSessionLines(
    [ref('works'), ref('idle'), ref('asks')],
    [open('idle', 'reply'), open('asks', 'reply'), open('asks', 'permission'), open('gone', 'plan')],
  )
  expect(lines.map(({ name, state, waiting }) => [name, state, waiting])).toEqual([
    ['asks', 'waiting', 1],
    ['idle', 'idle', 0],
    ['works', 'working', 0],
  ])
})
