/** What the phone door is called, and what it answers to. */
import { hostname } from 'node:os'

type Address = { host: string; public_url?: string | undefined }

/** How a phone reaches the door, without a final slash. */
export function phoneUrlOf({ host, public_url }: Address, port: number): string {
  return (public_url ?? `http://${nameable(host)}:${port}`).replace(/\/+$/, '')
}

/** Host names that the door answers to. */
export function knownHosts({ host, public_url }: Address): ReadonlySet<string> {
  const own = [host, 'localhost', '127.0.0.1', '[::1]', hostname().toLowerCase()]
  return new Set(public_url ? [...own, new URL(public_url).hostname] : own)
}

/** An address that listens everywhere has no name of its own; the machine's is the best there is. */
function nameable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return hostname()
  return host.includes(':') ? `[${host}]` : host
}
