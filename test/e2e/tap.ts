/** An answer on the page, as a phone gives it. */

const ASKED_AGAIN = 428

/** A grave one is asked for twice: the second tap says what it is about. */
export async function tapOn(
  url: string,
  fields: Record<string, string>,
  grave?: string | null,
): Promise<Response> {
  const send = (all: Record<string, string>) =>
    fetch(url, {
      ...{ method: 'POST', redirect: 'manual', body: new URLSearchParams(all) },
      headers: { accept: 'application/json' },
    })
  const first = await send(fields)
  if (first.status !== ASKED_AGAIN) return first
  await first.body?.cancel()
  return await send({ ...fields, sure: grave ?? '' })
}
