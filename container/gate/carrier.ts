/**
 * The host's end of a gate: runs the gate program in the gate container and joins each connection it carries to the
 * same-named socket in the session's gate folder.
 *
 *   session ─ volume/hooks.sock ─ gate program ─ stdin and stdout of an exec ─ carrier ─ folder/hooks.sock ─ the door
 *
 * An exec and not an attach: its stdin ends when the responder does, however that ends, so the program never waits for
 * somebody who is gone, and no half sentence of an earlier stream can precede a new one.
 */
import type { Duplex } from 'node:stream'
import type { Log } from '../../server/ports.ts'
import { joinStream } from './joined.ts'

const FIRST_RETRY_MS = 200
const LAST_RETRY_MS = 30_000
/** A stream that lasted so long was a good one. */
const STEADY_MS = 10_000

type CarrierOptions = {
  /** Starts the gate program with these doors. Rejects when the gate container is gone. */
  run(doors: readonly string[]): Promise<Duplex>
  /** The session's gate folder, where the real doors are. */
  folder: string
  doors: readonly string[]
  log: Log
  /** The session's name, for the log. */
  session: string
}

export type Carrier = ReturnType<typeof createCarrier>

/** Nothing runs before `open`. A stream that was lost is taken up again, but not one that broke the rules. */
export function createCarrier({ run, folder, doors, log, session }: CarrierOptions) {
  let stream: Duplex | null = null
  let retry: NodeJS.Timeout | null = null
  let waitMs = FIRST_RETRY_MS
  let isClosed = false

  async function open(): Promise<void> {
    try {
      stream = await run(doors)
      if (isClosed) stream.destroy()
      const { open: opened, ended } = joinStream(stream, folder, doors)
      const steady = setTimeout(() => {
        waitMs = FIRST_RETRY_MS
      }, STEADY_MS).unref()
      void ended.then(({ violation, said }) => {
        clearTimeout(steady)
        if (violation === null) again(said)
        else giveUp(violation)
      })
      await opened
    } catch (error) {
      again((error as Error).message)
    }
  }

  function again(why: string): void {
    if (isClosed || retry !== null) return
    log(waitMs === FIRST_RETRY_MS ? 'warn' : 'info', 'a gate is closed', { session, why, again_ms: waitMs })
    retry = setTimeout(() => {
      retry = null
      void open()
    }, waitMs).unref()
    waitMs = Math.min(waitMs * 2, LAST_RETRY_MS)
  }

  function giveUp(violation: string): void {
    if (isClosed) return
    isClosed = true
    log('error', 'a gate broke the rules and stays closed until the session is restarted', {
      session,
      violation,
    })
  }

  return {
    /** Resolves when the gate's doors are open, or when the first try failed; that is logged and tried again. */
    open,

    /** Ends the stream and with it every connection; the gate's doors refuse from then on. */
    close(): void {
      isClosed = true
      if (retry !== null) clearTimeout(retry)
      stream?.destroy()
    },
  }
}
