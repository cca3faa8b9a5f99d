/** Measures whether this machine can still do its own work while a box takes all it can get. */
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'

/** The same small work takes this many times as long, at most. */
const SLOWEST = 30

export type Measured = { usualMs: number; ratio: number }

/** Measures a new process and `ask` together, over and over; the function it gives ends that. */
export async function watchResponsiveness(ask: () => Promise<unknown>) {
  const work = () => Promise.all([execa('true'), ask()])
  const usual = await timeSome(work, 7)
  let isOver = false
  const during: number[] = []
  const loop = (async () => {
    while (!isOver) {
      during.push(await time(work))
      await sleep(50)
    }
  })()
  return async (): Promise<Measured> => {
    isOver = true
    await loop
    return { usualMs: median(usual), ratio: median(during) / median(usual) }
  }
}

export function isResponsive({ ratio }: Measured): boolean {
  return ratio <= SLOWEST
}

async function timeSome(work: () => Promise<unknown>, count: number): Promise<number[]> {
  const times: number[] = []
  for (let left = count; left > 0; left--) times.push(await time(work))
  return times
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function median(values: number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.POSITIVE_INFINITY
}
