import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Ask } from '../../../../server/asks/ask.ts'
import { createAudit } from '../../../../server/audit/audit.ts'
import { createSpending } from '../../../../server/audit/spending.ts'
import { createLedger } from '../../../../server/desk/ledger.ts'
import { createStore, type Store } from '../../../../server/store/store.ts'
import { anAsk, createTestDesk } from '../asks.ts'

let world: ReturnType<typeof createTestDesk>
let store: Store
const log = () => {}

beforeEach(() => {
  world = createTestDesk()
  store = createStore(world.stateDir)
})
afterEach(() => {
  store.close()
  world.remove()
})

function create() {
  const { clock } = world
  const audit = createAudit({ store, clock, log })
  const spending = createSpending({ store, clock, audit })
  return createLedger({
    tellPane: () => {},
    ...{ store, audit, spending, clock, log },
    push: () => [],
    newId: () => 'abc234',
    key: Buffer.alloc(32, 7),
    linkBase: () => 'http://phone.test',
    approvals: { onTimeout: 'wait' },
  })
}
const soon = (change: Partial<Ask> = {}) =>
  anAsk({ createdAt: world.clock.now(), deadline: world.clock.now() + 600_000, ...change })
const NO = { type: 'answer', answer: { answer: 'deny' }, decision: { behavior: 'deny' }, by: 'cli' } as const
const never = new AbortController().signal

test('a watcher is told of what waits already, comes, changes and ends, and not of what is learnt later', () => {
  store.insert(soon(), 'hash')
  const ledger = create()
  const told: string[] = []
  ledger.watch(({ id, state, hookEnd }) => told.push([id, state, hookEnd?.how ?? ''].join(' ').trim()))
  expect(told).toEqual(['abc234 pending'])
  const ask = ledger.put(soon({ id: 'def234' as Ask['id'], key: 'k' }))
  const stranded = ledger.apply(ask, { type: 'hook-ended', how: 'lost' })
  const ended = ledger.apply(stranded, NO)
  ledger.apply(ended, { type: 'confirmed' })
  expect(told.slice(1)).toEqual(['def234 pending', 'def234 pending lost', 'def234 answered lost'])
  expect(ledger.find(ask.id).result).toBe('applied')
  ledger.close()
})

test('the end that was written down first stands, and nobody is told of the other one', () => {
  const ledger = create()
  const ask = ledger.put(soon())
  ledger.apply(ask, { type: 'supersede', because: 'newer' })
  const told: string[] = []
  ledger.watch(({ state }) => told.push(state))
  expect(ledger.apply(ask, NO)).toMatchObject({ state: 'superseded', because: 'newer', answer: null })
  expect(told).toEqual([])
  ledger.close()
})

test('a hook that waits is let go by the end, and missed only after it has stopped waiting', async () => {
  const ledger = create()
  const ask = ledger.put(soon())
  const waiting = ledger.wait(ask.id, 300_000, never)
  ledger.stopWaiting(ask.id)
  world.advance(100_000)
  expect(ledger.find(ask.id).hookEnd ?? null).toBeNull()
  world.advance(200_000)
  await waiting
  ledger.stopWaiting(ask.id)
  world.advance(90_000)
  expect(ledger.find(ask.id)).toMatchObject({ state: 'pending', hookEnd: { how: 'lost' } })
  const again = ledger.wait(ask.id, 300_000, never)
  ledger.apply(ledger.find(ask.id), NO)
  await again
  expect(ledger.find(ask.id).state).toBe('answered')
  ledger.close()
})
