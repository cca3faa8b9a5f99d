import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSites, type Site } from '../../../../server/foreign/sites.ts'
import type { SiteSession } from '../../../../server/owner-views.ts'
import type { ClaudeContext } from '../../../../server/protocol.ts'
import { createStore, type Store } from '../../../../server/store/store.ts'
import { anAsk, createClock } from '../asks.ts'

const HERE: Site = { id: 'host', name: '', gate: '/s/host' }
const DEV: Site = { id: 'guest2', name: 'dev', gate: '/s/guest2' }

let dir: string
let store: Store
let met: SiteSession[]
const { clock, advance } = createClock()

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rc-sites-'))
  store = createStore(dir)
  met = []
})
afterEach(() => {
  store.close()
  rmSync(dir, { recursive: true })
})

function create(taken: string[] = []) {
  const sites = createSites({ store, clock, takenNames: () => taken })
  sites.onNew((session) => met.push(session))
  return sites
}
const context = (change: Partial<ClaudeContext> = {}): ClaudeContext => ({
  claude_session: 'c1',
  cwd: '/home/dev/app',
  place: { pid: 100 },
  ...change,
})

test('a Claude is one session, however often it is heard, and is new once', () => {
  const sites = create()
  const first = sites.hear(HERE, context(), 'SessionStart')
  advance(5_000)
  const second = sites.hear(HERE, context({ claude_version: '2.1.330' }), 'Stop')
  expect(second).toMatchObject({ id: first.id, name: 'app', lastEvent: 'Stop', version: '2.1.330' })
  expect(second.lastAt - first.firstAt).toBe(5_000)
  expect(met).toHaveLength(1)
})

test('two Claudes in one folder have two names', () => {
  const sites = create()
  const one = sites.hear(HERE, context(), 'Stop')
  const other = sites.hear(HERE, context({ claude_session: 'c2', place: { pid: 101 } }), 'Stop')
  expect([one.name, other.name]).toEqual(['app', 'app-2'])
})

test('one conversation taken up in two processes is two sessions, each with its own pane', () => {
  const sites = create()
  const pane = (pid: number, name: string) => ({ pid, tmux: { socket: '/tmp/t', pane: name } })
  const one = sites.hear(HERE, context({ place: pane(1, '%1') }), 'Stop')
  const other = sites.hear(HERE, context({ place: pane(2, '%2') }), 'Stop')
  expect(one.id).not.toBe(other.id)
  expect(sites.find(one.id)?.place?.tmux?.pane).toBe('%1')
  expect(sites.find(other.id)?.place?.tmux?.pane).toBe('%2')
})

test('it never has the name of a session of ours', () => {
  expect(create(['app', 'app-2']).hear(HERE, context(), 'Stop').name).toBe('app-3')
})

test('the same words at two sites are two sessions, and neither site has the other one', () => {
  const sites = create()
  const here = sites.hear(HERE, context(), 'Stop')
  const there = sites.hear(DEV, context(), 'Stop')
  expect(there.name).toBe('dev/app')
  expect([sites.has(HERE, here.id), sites.has(DEV, here.id)]).toEqual([true, false])
  expect([sites.has(HERE, there.id), sites.has(DEV, there.id)]).toEqual([false, true])
})

test('after a restart it is the same session with the same name', () => {
  const before = create().hear(HERE, context(), 'Stop')
  expect(create().find(before.id)).toEqual(before)
})

test('one that was forgotten is forgotten after a restart as well', () => {
  const sites = create()
  const { id } = sites.hear(HERE, context(), 'Stop')
  sites.forget(id)
  expect(create().find(id)).toBeNull()
  expect(sites.hear(HERE, context(), 'SessionStart').name).toBe('app')
  expect(met).toHaveLength(2)
})

test('a site that invents sessions is stopped, and the others go on', () => {
  const sites = create()
  const hear = (number: number) => sites.hear(DEV, context({ claude_session: `c${number}` }), 'Stop')
  for (let number = 0; number < 30; number++) hear(number)
  expect(() => hear(30)).toThrow(expect.objectContaining({ code: 'too-many-sessions' }))
  expect(hear(29).lastEvent).toBe('Stop')
  expect(sites.hear(HERE, context(), 'Stop').name).toBe('app')
})

test('all sessions of a site together have no more open questions than one of ours', () => {
  const sites = create()
  for (let number = 0; number < 50; number++) {
    const { id } = sites.hear(DEV, context({ claude_session: `c${number % 2}` }), 'Stop')
    const ask = anAsk({ id: `q${number}` as never, key: `k${number}`, session: id })
    expect(() => sites.checkPending(DEV)).not.toThrow()
    store.insert(ask, `h${number}`)
  }
  expect(() => sites.checkPending(DEV)).toThrow(expect.objectContaining({ code: 'too-many-asks' }))
  expect(() => sites.checkPending(HERE)).not.toThrow()
})

test('whatever a folder is called, the name is one that can be read and typed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (cwd) => {
      const sites = create()
      const { id, name } = sites.hear(HERE, context({ cwd }), 'Stop')
      sites.forget(id)
      return /^[\p{L}\p{N}._-]{1,44}$/u.test(name)
    }),
    { numRuns: 40 },
  )
})
