/** Polls until `look` gives something; a failure names what was awaited and shows the last sight. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | null | false>,
  sight: () => Promise<string> = async () => '',
  deadlineMs = 40_000,
): Promise<T> {
  const end = Date.now() + deadlineMs
  for (;;) {
    const seen = await look()
    if (seen) return seen
    if (Date.now() > end) throw new Error(`waited ${deadlineMs} ms for ${what}\n${await sight()}`)
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
}
