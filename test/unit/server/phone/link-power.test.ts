/** What the link of a push may do in a browser that is not paired, as the owner allows it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Ask } from '../../../../server/asks/ask.ts'
import type { LinkPower } from '../../../../server/options.ts'
import { createPhoneDoor } from '../../../../server/phone/door.ts'
import type { People } from '../../../../server/phone/people.tsx'
import type { AskDraft } from '../../../../server/protocol.ts'
import { aDraft, createTestDesk, SESSION } from '../asks.ts'
import { createTestPeople } from './phone-door.ts'

let world: ReturnType<typeof createTestDesk>
let people: People
let links: LinkPower | undefined
beforeEach(() => {
  world = createTestDesk()
  people = createTestPeople(world)
  links = undefined
})
afterEach(() => world.remove())

const open = (change: Partial<AskDraft> = {}) =>
  world.desk.open(SESSION, aDraft({ input: { command: 'make' }, ...change }))
function pair(): string {
  const { cookie, device } = people.pairing.claim(people.pairing.begin('link').secret, 'iPhone Safari')
  people.pairing.decide(device.name, true)
  return `rc-paired=${cookie}`
}
const ask = (one: Ask, init: RequestInit = {}, cookie = '') =>
  createPhoneDoor({
    ...{ people, desk: world.desk, clock: world.clock, log: () => {}, links: () => links },
    ...{ hosts: () => new Set(['phone.test']), origins: () => new Set(['http://phone.test']) },
  }).request(world.desk.view(one).url ?? '', {
    ...init,
    headers: { host: 'phone.test', ...(cookie && { cookie }) },
  })
const post = async (one: Ask, fields: Record<string, string>, cookie = '') =>
  (await ask(one, { method: 'POST', body: new URLSearchParams({ digest: one.digest, ...fields }) }, cookie))
    .status
const state = ({ id }: Ask) => world.desk.find(id).state

/** An answer of each sort, for a question that fits it. */
const ANSWERS: Record<string, [Partial<AskDraft>, Record<string, string>]> = {
  'a Yes': [{}, { answer: 'allow' }],
  'a No': [{}, { answer: 'deny' }],
  'a No with words': [{}, { answer: 'deny', message: 'use a branch' }],
  'a No that stops Claude': [{}, { answer: 'deny stop' }],
  'an Always': [{}, { answer: 'always' }],
  'a changed command': [{}, { answer: 'allow edited', edited: 'make test' }],
  'a reply': [
    { kind: 'reply', tool: undefined, input: {}, text: 'Done.', client_wait_ms: undefined },
    { answer: 'reply', message: 'go on' },
  ],
}
const PLAIN = ['a Yes', 'a No']

describe.each<[string, LinkPower | undefined, boolean, string[]]>([
  ['nothing said, no device paired', undefined, false, Object.keys(ANSWERS)],
  ['nothing said, a device paired', undefined, true, PLAIN],
  ['all, a device paired', 'all', true, Object.keys(ANSWERS)],
  ['yes-no, no device paired', 'yes-no', false, PLAIN],
  ['view', 'view', true, []],
  ['off', 'off', true, []],
])('with %s', (_, said, isPaired, allowed) => {
  test.each(Object.entries(ANSWERS))('%s by the link alone', async (name, [draft, fields]) => {
    links = said
    if (isPaired) pair()
    const one = open(draft)
    const isAllowed = allowed.includes(name)
    expect(await post(one, fields)).toBe(isAllowed ? 303 : 401)
    expect(state(one)).toBe(isAllowed ? 'answered' : 'pending')
  })

  test.each(Object.entries(ANSWERS))('%s by a paired browser', async (_name, [draft, fields]) => {
    links = said
    const one = open(draft)
    expect(await post(one, fields, pair())).toBe(303)
  })
})

test('the page of a browser that is not paired offers what it may do, and the way to more', async () => {
  links = 'yes-no'
  const page = await (await ask(open())).text()
  expect(page.match(/value="(allow|deny|always)[^"]*"/g)).toEqual(['value="allow"', 'value="deny"'])
  expect(page).toContain('<a href="/pair">Pair it</a>')
  links = 'view'
  const looked = await (await ask(open())).text()
  expect(looked).toContain('make')
  expect(looked).not.toContain('<form')
  links = 'off'
  const nothing = await ask(open())
  expect([nothing.status, await nothing.text()]).toEqual([401, expect.not.stringContaining('make')])
})

test('a paired browser finds the way from a push to the inbox, and to some quiet', async () => {
  const one = open()
  const ways = /<a href="\/">All questions<\/a> <a href="\/settings">Quiet for a while<\/a>/
  expect(await (await ask(one, {}, pair())).text()).toMatch(ways)
  expect(await (await ask(one)).text()).not.toMatch(ways)
})

test('a revoked device is as good as none at once', async () => {
  links = 'view'
  const cookie = pair()
  const one = open()
  people.devices.revokeAll()
  expect(await post(one, { answer: 'allow' }, cookie)).toBe(401)
})

test('an answer of a paired browser is told by the name of its device', async () => {
  const one = open()
  const cookie = pair()
  await post(one, { answer: 'deny' }, cookie)
  expect(world.desk.find(one.id).answeredFrom).toBe(people.devices.list()[0]?.name)
})
