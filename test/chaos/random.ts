/** Chance that can be had again. */
export type Random = {
  /** A whole number from 0 up to `below`, not included. */
  below(below: number): number
  chance(part: number): boolean
  pick<T>(from: readonly T[]): T
}

/** Mulberry32, a small generator that is good enough for tests. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return { below, chance: (part) => next() < part, pick: (from) => from[below(from.length)] as never }
}
