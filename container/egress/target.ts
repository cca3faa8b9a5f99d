/** Where somebody wants to connect: one spelling for each host, so that no second spelling slips past a rule. */
import { isIP } from 'node:net'

/** A host in its one spelling (lower case, no trailing dot, punycode, IPv6 without brackets) and a port. */
export type Target = { host: string; port: number }

/** `host:port` as people write it, with brackets round an IPv6 address. */
export function showTarget({ host, port }: Target): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`
}

/** Splits `host:port`, `[v6]:port` or, with a default port, a bare host. Null when it is none of them. */
export function parseTarget(text: string, defaultPort?: number): Target | null {
  const match = /^(\[[^\]]*\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(text)
  if (match?.[1] === undefined) return null
  const host = normalizeHost(match[1])
  const port = match[2] === undefined ? defaultPort : Number(match[2])
  if (host === null || port === undefined || port < 1 || port > 65_535) return null
  return { host, port }
}

/**
 * The one spelling of a host name or address, or null for what is neither. `0x7f.1` and `2130706433` come back as
 * the address that they mean (WHATWG URL Standard, host parsing).
 */
export function normalizeHost(text: string): string | null {
  // URL would silently drop tabs and newlines, decode %-escapes and cut at these delimiters: nothing that needs it is a host.
  if (text === '' || /[\s\p{C}@%/\\?#]/u.test(text)) return null
  const url = `http://${text}/`
  if (!URL.canParse(url)) return null
  const { hostname, port } = new URL(url)
  if (port !== '') return null
  if (hostname.startsWith('[')) return hostname.slice(1, -1)
  const host = hostname.endsWith('.') ? hostname.slice(0, -1) : hostname
  if (isIP(host) === 4) return host
  const labels = host.split('.')
  const isName = host.length <= 253 && labels.every((label) => /^[a-z0-9_-]{1,63}$/.test(label))
  return isName ? host : null
}
