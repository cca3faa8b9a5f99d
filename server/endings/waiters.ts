/** Hooks that wait for the outcome of an ask. */
import type { Clock } from '../ports.ts'
import type { AskId } from '../protocol.ts'

/** Waiters by ask; `release` wakes all of an ask at once. */
export function createWaiters(clock: Clock) {
  const waiting = new Map<AskId, Set<() => void>>()

  /** Resolves when the ask is released, after `sliceMs`, or when `gone` is aborted. */
  async function wait(id: AskId, sliceMs: number, gone: AbortSignal): Promise<void> {
    const here = waiting.get(id) ?? new Set()
    waiting.set(id, here)
    await new Promise<void>((resolve) => {
      const wake = () => {
        cancel()
        here.delete(wake)
        gone.removeEventListener('abort', wake)
        resolve()
      }
      const cancel = clock.after(sliceMs, wake)
      here.add(wake)
      gone.addEventListener('abort', wake)
      if (gone.aborted) wake()
    })
    if (here.size === 0 && waiting.get(id) === here) waiting.delete(id)
  }

  function release(id: AskId): void {
    for (const wake of [...(waiting.get(id) ?? [])]) wake()
  }

  return {
    wait,
    release,
    isWaitedFor: (id: AskId): boolean => waiting.has(id),
    close(): void {
      for (const id of [...waiting.keys()]) release(id)
    },
  }
}
