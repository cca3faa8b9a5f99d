/** What a service that listens does again and again, with pauses that grow as long as it fails. Pure. */
import type { Hearing } from '../../ports.ts'
import type { PushTools } from '../port.ts'

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000
/** A service may ask for more than a minute, and not for ever. */
const LONGEST_WISH_MS = 3_600_000

type Parts = { tools: PushTools; hearing: Hearing; signal: AbortSignal }

/**
 * Runs `round` until the signal says otherwise. Why one failed is told at once, and that it goes again when the next one
 * says `isWell`. What was refused is tried again slowly, or when the service wants: somebody may set it right there.
 */
export async function keepTrying(
  { tools, hearing, signal }: Parts,
  round: (isWell: () => void) => Promise<void>,
): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS
  const isWell = () => {
    pauseMs = FIRST_PAUSE_MS
    hearing.trouble(null)
  }
  while (!signal.aborted) {
    try {
      await round(isWell)
      continue
    } catch (error) {
      if (signal.aborted) return
      const { code, message, waitMs } = error as { code?: string; message: string; waitMs?: number | null }
      hearing.trouble(message)
      if (code === 'push-refused') pauseMs = LONGEST_PAUSE_MS
      if (typeof waitMs === 'number') pauseMs = Math.min(Math.max(waitMs, FIRST_PAUSE_MS), LONGEST_WISH_MS)
    }
    await pause(tools, pauseMs, signal)
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
  }
}

/** Ends early with the signal. */
export function pause(tools: Pick<PushTools, 'after'>, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve()
      return
    }
    const stop = () => {
      cancel()
      resolve()
    }
    // The signal lives as long as the service listens, so nothing of a pause may stay with it.
    const cancel = tools.after(ms, () => {
      signal.removeEventListener('abort', stop)
      resolve()
    })
    signal.addEventListener('abort', stop, { once: true })
  })
}
