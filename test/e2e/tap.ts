/** An answer on the page, as a phone gives it. */

const ASKED_AGAIN = 428

/** Where the door asks once more, what that page repeats is tapped as well. The last answer of the door. */
export async function tapOn(url: string, fields: Record<string, string>): Promise<Response> {
  const send = (all: Record<string, string>, accept: string) =>
    fetch(url, {
      ...{ method: 'POST', redirect: 'manual', body: new URLSearchParams(all) },
      headers: { accept },
    })
  const first = await send(fields, 'application/json')
  if (first.status !== ASKED_AGAIN) return first
  await first.body?.cancel()
  const page = await send(fields, 'text/html')
  return await send(hiddenFields(await page.text()), 'application/json')
}

/** What the form of a page sends without anybody typing. */
function hiddenFields(page: string): Record<string, string> {
  const inputs = page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)
  return Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, toText(value)]))
}

function toText(attribute: string): string {
  return attribute
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}
