/** A pairing is good once, for a few minutes, for the first that comes, and only with a yes at the desk. */
import { beforeEach, expect, test } from 'vitest'
import { createDevices, type Devices } from '../../../../server/devices/devices.ts'
import { createPairing, type Pairing } from '../../../../server/devices/pairing.ts'
import { createStore, type Store } from '../../../../server/store/store.ts'
import { createClock, createTestDesk } from '../asks.ts'

const MINUTE = 60_000
let time: ReturnType<typeof createClock>
let store: Store
let devices: Devices
let pairing: Pairing
let noted: string[]

beforeEach((context) => {
  const world = createTestDesk()
  context.onTestFinished(() => world.remove())
  time = createClock()
  store = createStore(world.stateDir)
  noted = []
  start()
})

function start(): void {
  const audit = { note: (...[, , event]: unknown[]) => void noted.push(String(event)) }
  devices = createDevices({ store, clock: time.clock, audit })
  pairing = createPairing({ clock: time.clock, devices })
}
const names = () => devices.list().map(({ name }) => name)

test('who comes with its secret waits for a yes, and may do nothing until then', () => {
  const { secret } = pairing.begin('link')
  const { cookie, device } = pairing.claim(secret, 'iPhone Safari')
  expect(device.name).toMatch(/^iPhone Safari [0-9a-f]{6}$/)
  expect(pairing.view()).toEqual({ state: 'claimed', device: device.name })
  expect(devices.paired(cookie)).toBeNull()
  pairing.decide(device.name, true)
  expect(devices.paired(cookie)?.name).toBe(device.name)
  expect(pairing.view()).toEqual({ state: 'paired', device: device.name })
  expect(noted).toEqual(['paired'])
})

test('who is refused at the desk is no device any more', () => {
  const { cookie, device } = pairing.claim(pairing.begin('link').secret, 'Linux Firefox')
  pairing.decide(device.name, false)
  expect([devices.find(cookie), names(), pairing.view()]).toEqual([null, [], { state: 'over' }])
})

test('only the first that comes with it can be paired', () => {
  const { secret } = pairing.begin('link')
  pairing.claim(secret, 'iPhone Safari')
  expect(pairing.fits(secret)).toBe(false)
  expect(() => pairing.claim(secret, 'Linux Firefox')).toThrow(/pairing is over/)
})

test('a yes to another name than the one that came counts for nobody', () => {
  const { cookie, device } = pairing.claim(pairing.begin('link').secret, 'iPhone Safari')
  expect(() => pairing.decide('iPhone Safari 000000', true)).toThrow(/pairing is over/)
  expect(devices.paired(cookie)).toBeNull()
  pairing.decide(device.name, true)
  expect(() => pairing.decide(device.name, false)).toThrow(/pairing is over/)
})

test.each([
  ['link', 5 * MINUTE],
  ['code', 2 * MINUTE],
] as const)('a %s is good for its time, and not for longer', (kind, ms) => {
  const { secret } = pairing.begin(kind)
  time.advance(ms - 1)
  expect(pairing.fits(secret)).toBe(true)
  time.advance(1)
  expect(pairing.fits(secret)).toBe(false)
  expect(pairing.view()).toEqual({ state: 'over' })
})

test('whoever came is forgotten when nobody says anything at the desk', () => {
  const { cookie, device } = pairing.claim(pairing.begin('link').secret, 'iPhone Safari')
  time.advance(5 * MINUTE)
  expect(() => pairing.decide(device.name, true)).toThrow(/pairing is over/)
  expect(devices.find(cookie)).toBeNull()
})

test('another pairing ends the one before, with whoever waited in it', () => {
  const first = pairing.begin('link').secret
  const { cookie } = pairing.claim(first, 'iPhone Safari')
  const second = pairing.begin('link').secret
  expect([devices.find(cookie), pairing.fits(first), pairing.fits(second)]).toEqual([null, false, true])
})

test('a pairing that was made is not undone by the next', () => {
  const { cookie, device } = pairing.claim(pairing.begin('link').secret, 'iPhone Safari')
  pairing.decide(device.name, true)
  pairing.begin('link')
  pairing.cancel()
  expect(devices.paired(cookie)).not.toBeNull()
})

test('ten wrong ones within ten minutes end it, and say so', () => {
  const { secret } = pairing.begin('code')
  for (let at = 0; at < 9; at++) expect(pairing.fits(`WRONG${at}`)).toBe(false)
  expect(pairing.fits(secret)).toBe(true)
  pairing.fits('WRONG9')
  expect(pairing.fits(secret)).toBe(false)
  expect(pairing.view()).toEqual({ state: 'guessed' })
})

test('wrong ones that came before it do not count against it', () => {
  for (let at = 0; at < 30; at++) pairing.fits(`WRONG${at}`)
  const { secret } = pairing.begin('link')
  expect(pairing.fits(secret)).toBe(true)
})

test('a responder that was killed meanwhile leaves nobody half paired', () => {
  const { cookie } = pairing.claim(pairing.begin('link').secret, 'iPhone Safari')
  start()
  expect([devices.find(cookie), pairing.view()]).toEqual([null, { state: 'none' }])
})

test('a code can be typed in small letters and with gaps, and holds no sign that looks like another', () => {
  for (let at = 0; at < 50; at++)
    expect(pairing.begin('code').secret).toMatch(/^[A-HJKMNP-RTUVWXY346789]{6}$/)
})

test('what is paired survives a restart, is known by its cookie alone, and is nothing once it is revoked', () => {
  const { cookie, device } = pairing.claim(pairing.begin('link').secret, 'iPhone Safari')
  pairing.decide(device.name, true)
  start()
  expect(devices.paired(cookie)?.id).toBe(device.id)
  for (const wrong of [
    '',
    device.id,
    cookie.slice(0, -1),
    `${cookie} `,
    cookie.toLowerCase(),
    'A'.repeat(43),
  ])
    expect(devices.paired(wrong)).toBeNull()
  const told: string[] = []
  devices.onDrop((id) => told.push(id))
  expect(devices.revoke(device.name.slice(-6)).name).toBe(device.name)
  expect([devices.paired(cookie), told]).toEqual([null, [device.id]])
})

test('a name that fits two devices, or none, revokes nothing', () => {
  for (let at = 0; at < 2; at++) {
    const { device } = pairing.claim(pairing.begin('link').secret, 'iPhone Safari')
    pairing.decide(device.name, true)
  }
  for (const name of ['iPhone', '', 'Android']) expect(() => devices.revoke(name)).toThrow(/No paired device/)
  expect(names()).toHaveLength(2)
  expect(devices.revokeAll()).toHaveLength(2)
  expect(names()).toEqual([])
})
