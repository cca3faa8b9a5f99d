/** Whether a person has a page in sight, or a program has only fetched it. */
import type { Context } from 'hono'

/** What the page's own script sends along while its page can be seen. */
export const IN_SIGHT = 'x-in-sight'

/**
 * Browsers tell of a navigation where the connection is secure or loopback; on plain HTTP to a tailnet address they do
 * not, and the script's word counts. Programs that make previews of links say neither, or say their name.
 */
export function isInSight(c: Context): boolean {
  const header = (name: string) => c.req.header(name) ?? ''
  if (c.req.method !== 'GET' || PREVIEWERS.test(header('user-agent'))) return false
  if (header(IN_SIGHT) === 'yes') return true
  return header('sec-fetch-mode') === 'navigate' && header('sec-fetch-dest') === 'document'
}

/** CUBOT makes phones. */
const PREVIEWERS = /(?<!cu)bot\b|crawler|spider|preview|facebookexternalhit|^whatsapp/i
