/** Who may speak at the phone door: no other site's page, no renamed host, no prefetch, nobody who guesses links. */
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context, MiddlewareHandler } from 'hono'
import { problem } from '../errors.ts'
import type { Clock } from '../ports.ts'

/** Hosts that the door answers to. A page that points its own name at us (DNS rebinding) is not among them. */
export function onlyKnownHosts(hosts: () => ReadonlySet<string>): MiddlewareHandler {
  return async (c, next) => {
    const host = hostOf(`http://${c.req.header('host') ?? ''}`)
    if (host === null || !hosts().has(host)) throw problem('foreign-host', { host: host ?? 'nothing' })
    await next()
  }
}

/** A browser that looks ahead is turned away; the headers are incomplete, so GET changes nothing anyway. */
export const noPrefetch: MiddlewareHandler = async (c, next) => {
  const purpose = ['purpose', 'x-purpose', 'x-moz', 'sec-purpose']
    .map((name) => c.req.header(name) ?? '')
    .join(' ')
  if (/prefetch|prerender|preview/i.test(purpose)) throw problem('prefetch')
  await next()
}

/** Where a browser says which site a POST comes from, it has to be ours. The link itself is the capability. */
export function onlyOwnSite(origins: () => ReadonlySet<string>): MiddlewareHandler {
  return async (c, next) => {
    const site = c.req.header('sec-fetch-site')
    if (site !== undefined && site !== 'same-origin' && site !== 'none') throw problem('foreign-origin')
    const origin = c.req.header('origin')
    if (origin !== undefined && !isOwn(c, origin, origins())) throw problem('foreign-origin')
    await next()
  }
}

/** Where a request comes from, for counting. */
export function addressOf(c: Context): string {
  try {
    return getConnInfo(c).remote.address ?? 'unknown'
  } catch {
    return 'unknown'
  }
}

/** Counts wrong links per address; 128-bit links cannot be guessed, but the noise can be stopped. */
export function createGuessLimit(clock: Clock, most = 30, perMs = 60_000) {
  const wrong = new Map<string, { count: number; since: number }>()
  return {
    check(address: string): void {
      const entry = wrong.get(address)
      if (entry && clock.now() - entry.since < perMs && entry.count >= most) throw problem('slow-down')
    },
    miss(address: string): void {
      const entry = wrong.get(address)
      if (entry && clock.now() - entry.since < perMs) entry.count += 1
      else {
        if (wrong.size > 10_000) wrong.clear()
        wrong.set(address, { count: 1, since: clock.now() })
      }
    },
  }
}

/** With `Referrer-Policy: no-referrer` browsers send `Origin: null` on form posts of our own pages. */
function isOwn(c: Context, origin: string, origins: ReadonlySet<string>): boolean {
  if (origin === 'null') return c.req.header('sec-fetch-site') === 'same-origin'
  return origins.has(origin) || hostOf(origin, 'host') === c.req.header('host')?.toLowerCase()
}

function hostOf(url: string, part: 'hostname' | 'host' = 'hostname'): string | null {
  try {
    return new URL(url)[part].toLowerCase()
  } catch {
    return null
  }
}

/** What the page's own script sends along while its page can be seen. */
const IN_SIGHT = 'x-in-sight'

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
