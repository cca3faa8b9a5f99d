import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  createFollowedConfig,
  type FollowedConfig,
  followedApprovals,
  followedPush,
} from '../../../../bin/house/followed-config.ts'
import { type Config, configSchema } from '../../../../setup/config/config.ts'
import { pathsFrom } from '../../../../setup/paths.ts'
import { aDraft, createTestDesk, SESSION } from '../../server/asks.ts'

let root: string
let followed: FollowedConfig
let changes: number

const withHosts = (...hosts: string[]) => configSchema.parse({ network: { allowed_domains: hosts } })
const hosts = () => followed.current().network.allowed_domains

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rc-followed-'))
  const paths = { ...pathsFrom({}, { home: root, uid: 1 }), configFile: join(root, 'config.yaml') }
  followed = createFollowedConfig({ config: withHosts('of-the-house.example'), env: {}, paths }, () => {})
  changes = 0
  followed.onChange(() => {
    changes += 1
  })
})
afterEach(async () => {
  await followed.stop()
  await rm(root, { recursive: true })
})

const write = async (text: string) => {
  await writeFile(join(root, 'config.yaml'), text)
  await followed.look()
}

test('what the house began with counts as long as no file says otherwise', async () => {
  await followed.start()
  await followed.look()
  expect(hosts()).toEqual(['of-the-house.example'])
  expect(changes).toBe(0)
})

test('a file that is written later is followed, and so is its next change', async () => {
  await followed.start()
  await write('network:\n  allowed_domains: [one.example]\n')
  expect(hosts()).toEqual(['one.example'])
  await write('network:\n  allowed_domains: [one.example, another.example]\n')
  expect(hosts()).toEqual(['one.example', 'another.example'])
  expect(changes).toBe(2)
})

test.each([
  ['a mistake', 'network:\n  mode: wide\n', /network\.mode/],
  ['a host that means nothing', 'network:\n  allowed_domains: ["*"]\n', /\*/],
])('a file with %s keeps what held before, and says so until it is fixed', async (_, text, why) => {
  await followed.start()
  await write('network:\n  allowed_domains: [one.example]\n')
  await write(text)
  expect(hosts()).toEqual(['one.example'])
  expect(followed.problem()).toMatch(why)
  await write('network:\n  allowed_domains: [two.example]\n')
  expect(hosts()).toEqual(['two.example'])
  expect(followed.problem()).toBeNull()
})

const NO_PROXY = { http: '', https: '', noProxy: '' }
const HOOK = { webhook_url: 'https://hook.example/' }

/** A configuration that is another one from `write` on. */
function aFile() {
  let config: Config = configSchema.parse({})
  return {
    current: () => config,
    write(text: object) {
      config = configSchema.parse(text)
    },
  }
}

test('what is said about asking counts from the next question on', () => {
  const file = aFile()
  const approvals = followedApprovals(file, () => null)
  const world = createTestDesk({ approvals })
  const headless = aDraft({ context: { claude_session: 'c1', cwd: '/', headless: true } })
  const before = world.desk.open(SESSION, aDraft())
  expect(world.desk.skips(headless)).toBe(true)
  file.write({ approvals: { headless: 'ask', timeout: '1m', on_timeout: 'deny', subagent_wait: 7 } })
  const after = world.desk.open(SESSION, aDraft())
  expect(world.desk.skips(headless)).toBe(false)
  expect(after.deadline - after.createdAt).toBe(60_000)
  expect(before.deadline).toBeGreaterThan(after.deadline)
  expect(approvals.subagentWaitMs).toBe(7_000)
  world.advance(61_000)
  expect(world.desk.find(after.id).decision).toMatchObject({ behavior: 'deny' })
  expect(world.desk.find(before.id).state).toBe('pending')
  file.write({})
  expect(world.desk.skips(headless)).toBe(true)
  world.remove()
})

test('what is said about pushing counts from the next push on, and a service stays as long as its settings', () => {
  const file = aFile()
  const push = followedPush(file, NO_PROXY)
  const names = () => push().map(({ name }) => name)
  expect(names()).toEqual([])
  file.write({ notifications: HOOK })
  expect(names()).toEqual(['webhook'])
  const [service] = push()
  file.write({ notifications: HOOK, approvals: { timeout: 60 } })
  expect(push()[0]).toBe(service)
  file.write({ notifications: { ...HOOK, webhook_url: 'https://other.example/' } })
  expect(push()[0]).not.toBe(service)
  file.write({ notifications: { ...HOOK, enabled: false } })
  expect(names()).toEqual([])
})
