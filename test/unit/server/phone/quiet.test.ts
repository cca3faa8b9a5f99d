/** The page of a question keeps the phone quiet for a while, and nothing else does by its link. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Ask } from '../../../../server/asks/ask.ts'
import type { LinkPower } from '../../../../server/options.ts'
import { createPhoneDoor } from '../../../../server/phone/door.ts'
import type { People } from '../../../../server/phone/people.tsx'
import { aDraft, createTestDesk, SESSION } from '../asks.ts'
import { createTestPeople } from './phone-door.ts'

const MINUTE = 60_000
let world: ReturnType<typeof createTestDesk>
let people: People
let links: LinkPower | undefined
let ask: Ask
beforeEach(() => {
  world = createTestDesk()
  people = createTestPeople(world)
  links = undefined
  ask = world.desk.open(SESSION, aDraft())
})
afterEach(() => world.remove())

function at(path: string, { headers = {}, ...init }: RequestInit = {}) {
  const url = `${world.desk.view(ask).url ?? ''}${path}`
  return createPhoneDoor({
    ...{ people, desk: world.desk, clock: world.clock, log: () => {}, links: () => links },
    ...{ hosts: () => new Set(['phone.test']), origins: () => new Set(['http://phone.test']) },
  }).request(url, { ...init, headers: { host: 'phone.test', ...headers } })
}
const quiet = (fields: Record<string, string> | [string, string][], headers: Record<string, string> = {}) =>
  at('/quiet', { method: 'POST', body: new URLSearchParams(fields), headers })
const page = async () => (await at('')).text()
const left = () => {
  const { snoozedUntil } = people.mood.now()
  return snoozedUntil === null ? null : (snoozedUntil - world.clock.now()) / MINUTE
}
const audited = () =>
  world.desk.auditAfter(0).flatMap(({ event, minutes }) => (event === 'quieted' ? [minutes] : []))

test.each([30, 120])('%i minutes of it lead back to the page, which says until when', async (minutes) => {
  expect(await page()).toContain(`name="minutes" value="${minutes}"`)
  const response = await quiet({ minutes: String(minutes) })
  expect([response.status, response.headers.get('location')]).toEqual([
    303,
    new URL(world.desk.view(ask).url ?? '').pathname,
  ])
  expect([left(), audited()]).toEqual([minutes, [minutes]])
  expect(await page()).toMatch(/Nothing rings until <b>[^<]*\d\d:\d\d<\/b>/)
})

test('it answers nothing', async () => {
  await quiet({ minutes: '30', answer: 'allow', digest: ask.digest })
  expect(world.desk.find(ask.id).state).toBe('pending')
})

test('the page that says until when also ends it', async () => {
  await quiet({ minutes: '30' })
  expect(await page()).toContain('name="minutes" value="0"')
  await quiet({ minutes: '0' })
  expect([left(), audited()]).toEqual([null, [30, 0]])
  expect(await page()).not.toContain('Nothing rings until')
})

test('what a person has asked for at the machine is not made shorter', async () => {
  people.mood.snooze(8 * 60 * MINUTE)
  await quiet({ minutes: '30' })
  expect(left()).toBe(480)
})

describe('changes nothing:', () => {
  test.each<[string, [string, string][]]>([
    ['a longer time', [['minutes', '121']]],
    ['a very long one', [['minutes', '99999999']]],
    ['a negative one', [['minutes', '-1']]],
    ['a part of one', [['minutes', '30.5']]],
    ['the same in another spelling', [['minutes', '0x1e']]],
    ['words', [['minutes', 'for good']]],
    ['nothing', []],
    ['two of them', [...['30', '120'].map((one): [string, string] => ['minutes', one])]],
  ])('%s', async (_, fields) => {
    expect((await quiet(fields)).status).toBe(400)
    expect([left(), audited()]).toEqual([null, []])
  })

  test.each(['GET', 'HEAD'])('%s', async (method) => {
    expect((await at('/quiet?minutes=30', { method })).status).toBe(404)
    expect(left()).toBeNull()
  })

  test.each<[string, Record<string, string>]>([
    ['a page of another site', { origin: 'http://evil.test' }],
    ['a page that tells the browser not to say which site it is', { origin: 'null' }],
    ['a page that the browser says is another site', { 'sec-fetch-site': 'cross-site' }],
  ])('%s', async (_, headers) => {
    expect((await quiet({ minutes: '30' }, headers)).status).toBe(403)
    expect(left()).toBeNull()
  })

  test('a link that nobody made', async () => {
    const { url } = world.desk.view(ask)
    world.desk.view = (one) =>
      ({ ...ask, url: url?.replace(/.{22}$/, 'AAAAAAAAAAAAAAAAAAAAAA'), id: one.id }) as never
    expect((await quiet({ minutes: '30' })).status).toBe(404)
    expect(left()).toBeNull()
  })

  test('the link of a question that is over, to begin a quiet and to end one', async () => {
    await world.desk.answer(ask.id, { answer: 'deny' }, 'cli')
    expect((await quiet({ minutes: '30' })).status).toBe(409)
    people.mood.snooze(MINUTE)
    expect((await quiet({ minutes: '0' })).status).toBe(409)
    expect([left(), audited()]).toEqual([1, []])
    expect(await page()).not.toContain('/quiet')
  })

  test.each(['yes-no', 'view', 'off'] as const)('a link alone that may do no more than %s', async (power) => {
    links = power
    expect(await page()).not.toContain('/quiet')
    const response = await quiet({ minutes: '30' })
    expect([response.status, left()]).toEqual([401, null])
  })
})

test('a paired browser may, whatever a link alone may do', async () => {
  links = 'off'
  const { cookie, device } = people.pairing.claim(people.pairing.begin('link').secret, 'iPhone Safari')
  people.pairing.decide(device.name, true)
  expect((await quiet({ minutes: '30' }, { cookie: `rc-paired=${cookie}` })).status).toBe(303)
  expect(left()).toBe(30)
})

test('a problem in JSON shows nothing of a question where a link may not even look', async () => {
  const json = { accept: 'application/json' }
  expect(await (await quiet({}, json)).json()).toMatchObject({ error: { ask: { id: ask.id } } })
  links = 'off'
  for (const response of [await quiet({ minutes: '30' }, json), await at('', { headers: json })]) {
    expect(response.status).toBe(401)
    expect(await response.text()).not.toMatch(/git push|"ask"/)
  }
})
