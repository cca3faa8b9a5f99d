/** Looks which of our own sessions live: whenever it is told to, and every half minute. */
import type { Clock, Log, SessionRef } from '../ports.ts'

const LOOK_AROUND_MS = 30_000

type Parts = {
  /** The living sessions, from container labels. */
  sessions: () => Promise<SessionRef[]>
  /** Told after every look, and awaited before the next one; null where they could not be read. */
  follow: (found: SessionRef[] | null) => Promise<void>
  clock: Clock
  log: Log
}

/** Nothing is looked at before `look`. */
export function createSessionWatch({ sessions, follow, clock, log }: Parts) {
  let latest: SessionRef[] | null = null
  let trouble = ''
  let isWatching = false
  let stopLooking = () => {}
  let looking = Promise.resolve()

  /** One look at a time. */
  function look(): Promise<void> {
    looking = looking.then(lookOnce)
    return looking
  }

  async function lookOnce(): Promise<void> {
    const found = await read()
    latest = found ?? latest
    await follow(found)
  }

  /** Null where they cannot be read; that is logged once, since without Docker it stays so. */
  async function read(): Promise<SessionRef[] | null> {
    try {
      const found = await sessions()
      trouble = ''
      return found
    } catch (error) {
      const { message } = error as Error
      if (message !== trouble)
        log('warn', 'the sessions could not be read, so their doors stay as they are', { error: message })
      trouble = message
      return null
    }
  }

  function lookAgain(): void {
    if (!isWatching) return
    stopLooking = clock.after(LOOK_AROUND_MS, () => void look().finally(lookAgain))
  }

  return {
    look,
    /** From now on also by the clock. */
    lookNowAndThen(): void {
      isWatching = true
      lookAgain()
    },
    /** As they were seen last; null as long as nobody could tell. */
    latest: () => latest,
    /** Resolves when the look that is under way has ended. */
    async stop(): Promise<void> {
      isWatching = false
      stopLooking()
      await looking
    },
  }
}
