/** Ctrl-C as a signal, so that what was begun can be taken back before the program ends. */

/** Runs it with a signal that aborts at the first Ctrl-C; a second one ends the program as ever. */
export async function untilInterrupted<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  const interrupt = () => stop.abort()
  process.once('SIGINT', interrupt)
  try {
    return await run(stop.signal)
  } finally {
    process.removeListener('SIGINT', interrupt)
  }
}
