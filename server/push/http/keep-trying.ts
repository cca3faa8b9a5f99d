/** What a service that listens does again and again, with pauses that grow as long as it fails. Pure. */
import type { Hearing } from '../../ports.ts'
import type { PushTools } from '../port.ts'

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000

type Parts = { tools: PushTools; hearing: Hearing; signal: AbortSignal }

/**
 * Runs `round` until the signal says otherwise. Why one failed is told at once, and that it goes again when the next one
 * says `isWell`. What was refused is tried again slowly: somebody may set it right at the service.
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
      const { code, message } = error as { code?: string; message: string }
      hearing.trouble(message)
      if (code === 'push-refused') pauseMs = LONGEST_PAUSE_MS
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
    const cancel = tools.after(ms, resolve)
    const stop = () => {
      cancel()
      resolve()
    }
    signal.addEventListener('abort', stop, { once: true })
  })
}
