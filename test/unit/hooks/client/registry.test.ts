import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Registry, watchRegistry } from '../../../../hooks/client/registry.ts'

const STARTED = Date.now() - 10_000
let home: string
let registry: Registry | null = null

/** What Claude writes about itself. */
function says(status: string, statusUpdatedAt: number): void {
  const folder = join(home, 'sessions')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, '4242.json'), JSON.stringify({ pid: 4242, status, statusUpdatedAt }))
}

const isAnswered = async (forMs: number) => {
  const late = new Promise((resolve) => setTimeout(resolve, forMs, false))
  return await Promise.race([registry?.answered.then(() => true), late])
}

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'rc-registry-'))
  vi.stubEnv('CLAUDE_PID', '4242')
  vi.stubEnv('CLAUDE_CONFIG_DIR', home)
})
afterEach(() => {
  registry?.stop()
  rmSync(home, { recursive: true })
  vi.unstubAllEnvs()
})

describe('the keyboard has answered when the registry', () => {
  test('said waiting and says so no longer', async () => {
    says('waiting', STARTED + 20)
    registry = watchRegistry(STARTED)
    expect(registry.isPast()).toBe(false)
    says('busy', STARTED + 300)
    expect(registry.isPast()).toBe(true)
    expect(await isAnswered(3_000)).toBe(true)
  })

  test('was never seen waiting, but changed after the hook had started', async () => {
    says('busy', STARTED + 90)
    registry = watchRegistry(STARTED)
    expect(registry.isPast()).toBe(true)
    expect(await isAnswered(3_000)).toBe(true)
  })
})

test.each([
  ['has taken its file away and is not there', 4_194_305, true],
  ['is there, and its file is being written anew', process.pid, false],
])('Claude has ended when it %s', async (_, pid, isGone) => {
  vi.stubEnv('CLAUDE_PID', String(pid))
  mkdirSync(join(home, 'sessions'), { recursive: true })
  const file = join(home, `sessions/${pid}.json`)
  writeFileSync(file, JSON.stringify({ pid, status: 'waiting', statusUpdatedAt: STARTED + 20 }))
  registry = watchRegistry(STARTED)
  rmSync(file)
  const seen = Promise.race([
    registry.gone.then(() => true),
    registry.answered.then(() => false),
    new Promise((resolve) => setTimeout(resolve, 2_000, false)),
  ])
  expect(await seen).toBe(isGone)
})

describe('the keyboard has not answered when the registry', () => {
  test('has not changed since before the hook started', async () => {
    says('busy', STARTED - 500)
    registry = watchRegistry(STARTED)
    expect(registry.isPast()).toBe(false)
    expect(await isAnswered(900)).toBe(false)
  })

  test('is just being written', () => {
    says('waiting', STARTED + 20)
    registry = watchRegistry(STARTED)
    writeFileSync(join(home, 'sessions/4242.json'), '{"pid": 4242, "sta')
    expect(registry.isPast()).toBe(false)
  })

  test('has changed only just now: that may be the end of an earlier dialog', () => {
    says('busy', Date.now())
    registry = watchRegistry(STARTED)
    expect(registry.isPast()).toBe(false)
  })

  test('is not there', async () => {
    registry = watchRegistry(STARTED)
    expect(registry.isPast()).toBe(false)
    expect(await isAnswered(900)).toBe(false)
  })

  test('flickers between two dialogs', async () => {
    says('waiting', STARTED + 20)
    registry = watchRegistry(STARTED)
    says('busy', STARTED + 40)
    setTimeout(says, 100, 'waiting', STARTED + 60)
    expect(await isAnswered(900)).toBe(false)
  })
})
