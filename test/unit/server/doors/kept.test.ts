import { setImmediate } from 'node:timers/promises'
import { beforeEach, expect, test } from 'vitest'
import { createKept } from '../../../../server/doors/kept.ts'

let said: string[]
beforeEach(() => {
  said = []
})

/** Things that say what happens to them; `opening` is what their open waits for. */
function keptOf(opening: (wish: string) => Promise<void> = async () => {}) {
  return createKept({
    make: (wish: string) => ({
      async open() {
        await opening(wish)
        said.push(`open ${wish}`)
      },
      close: () => void said.push(`close ${wish}`),
    }),
    onFailure: (wish, { message }) => said.push(`${wish} failed: ${message}`),
  })
}

const wishes = (...keys: string[]) => new Map(keys.map((key) => [key, key]))
const refuse = (why: string) => Promise.reject(new Error(why))

test('what left is closed before what is missing is opened, and the rest is left alone', async () => {
  const kept = keptOf()
  await kept.keep(wishes('a', 'b'))
  await kept.keep(wishes('b', 'c'))
  expect(said).toEqual(['open a', 'open b', 'close a', 'open c'])
  expect(kept.all().map(([, wish]) => wish)).toEqual(['b', 'c'])
})

test('one that cannot be opened keeps no other from it, is not open, and is tried again', async () => {
  let why: string | null = 'no place'
  const kept = keptOf(async (wish) => (wish === 'a' && why !== null ? refuse(why) : undefined))
  await kept.keep(wishes('a', 'b'))
  expect(said).toEqual(['open b', 'a failed: no place'])
  expect([kept.isOpen('a'), kept.isOpen('b')]).toEqual([false, true])
  why = null
  await kept.keep(wishes('a', 'b'))
  expect(kept.isOpen('a')).toBe(true)
})

test('one that is still opening is not open yet, and keeps no other waiting', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const kept = keptOf((wish) => (wish === 'a' ? promise : Promise.resolve()))
  const keeping = kept.keep(wishes('a', 'b'))
  await setImmediate()
  expect(said).toEqual(['open b'])
  expect(kept.isOpen('a')).toBe(false)
  resolve()
  await keeping
  expect(kept.isOpen('a')).toBe(true)
})

test('one that was closed while it opened does not stay open behind the back of whoever closed it', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const kept = keptOf(() => promise)
  const keeping = kept.keep(wishes('a'))
  await setImmediate()
  await kept.close()
  resolve()
  await keeping
  expect(said).toEqual(['close a', 'open a', 'close a'])
  expect(kept.all()).toEqual([])
})

test('nothing opens after the end', async () => {
  const kept = keptOf()
  await kept.keep(wishes('a'))
  await kept.close()
  await kept.keep(wishes('a', 'b'))
  expect(said).toEqual(['open a', 'close a'])
})
