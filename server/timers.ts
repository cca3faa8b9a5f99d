/** Named timers on the clock; setting a name again replaces it. */
import type { Clock } from './ports.ts'

/** setTimeout turns longer delays into 1 ms, so they come in stages: a task must look at the clock itself. */
const LONGEST_MS = 2 ** 31 - 1

/** Timers that are all gone after `close`. */
export function createTimers(clock: Clock) {
  const running = new Map<string, () => void>()

  function cancel(name: string): void {
    running.get(name)?.()
    running.delete(name)
  }

  function set(name: string, delayMs: number, task: () => void): void {
    cancel(name)
    const run = () => {
      running.delete(name)
      task()
    }
    running.set(name, clock.after(Math.min(Math.max(0, delayMs), LONGEST_MS), run))
  }

  return {
    set,
    /** Leaves one of that name as it is. */
    setOnce(name: string, delayMs: number, task: () => void): void {
      if (!running.has(name)) set(name, delayMs, task)
    },
    cancel,
    close(): void {
      for (const name of [...running.keys()]) cancel(name)
    },
  }
}
