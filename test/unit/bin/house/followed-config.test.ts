import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFollowedConfig, type FollowedConfig } from '../../../../bin/house/followed-config.ts'
import { configSchema } from '../../../../setup/config/config.ts'
import { pathsFrom } from '../../../../setup/paths.ts'

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
