/**
 * The proxy that this machine itself goes through, as HTTP_PROXY, HTTPS_PROXY and NO_PROXY name it. Pure.
 *
 * Read as undici 8.12's EnvHttpProxyAgent reads them, so that sessions and pushes take the same way: small letters before
 * capitals, HTTP_PROXY for https too where that has none of its own, names in NO_PROXY with everything below them.
 */
import { isIP } from 'node:net'
import { isPrivate } from './addresses.ts'
import { normalizeHost, type Target } from './target.ts'

/** One proxy. `authorization` is a secret; `shown` is its address without it, `by` the variable that names it. */
export type Upstream = {
  host: string
  port: number
  isTls: boolean
  authorization: string | null
  shown: string
  by: string
  /** With user and password, for who makes the connection. */
  url: string
}

/** A variable that cannot be followed. `problem` is a sentence without the final stop, and without the value: it may hold a password. */
export type Unusable = { problem: string }

/** What the variables say, for each scheme. */
export type HostProxy = {
  http: Upstream | Unusable | null
  https: Upstream | Unusable | null
  noProxy: string
}

export const NO_HOST_PROXY: HostProxy = { http: null, https: null, noProxy: '' }

type Environment = Record<string, string | undefined>

export function readHostProxy(env: Environment): HostProxy {
  const http = readVariable('HTTP_PROXY', env)
  const https = readVariable('HTTPS_PROXY', env) ?? http
  return { http, https, noProxy: env['no_proxy'] ?? env['NO_PROXY'] ?? '' }
}

function readVariable(name: string, env: Environment): Upstream | Unusable | null {
  const by = env[name.toLowerCase()] === undefined ? name : name.toLowerCase()
  const text = env[by]?.trim()
  if (!text) return null
  return (
    parseUpstream(text, by) ?? {
      problem: `${by} is not the address of a proxy, such as http://proxy.example:3128`,
    }
  )
}

/** What is used, for a person: `http://proxy.example:3128 (HTTPS_PROXY)`; null where there is no proxy. */
export function describeHostProxy({ http, https }: HostProxy): string | null {
  const each = [https, http].flatMap((one) =>
    one === null ? [] : 'problem' in one ? [one.problem] : [`${one.shown} (${one.by})`],
  )
  return each.length === 0 ? null : [...new Set(each)].join(' and ')
}

/**
 * The proxy for a connection, or null where it is made directly: to hosts of NO_PROXY, and to what a proxy elsewhere would
 * take for something near itself.
 */
export function upstreamFor(
  { host, port }: Target,
  scheme: 'http' | 'https',
  { http, https, noProxy }: HostProxy,
): Upstream | Unusable | null {
  return isNear(host) || bypasses(noProxy, { host, port }) ? null : scheme === 'http' ? http : https
}

/** A private address, or a name that every resolver takes for something near itself. */
function isNear(host: string): boolean {
  if (isIP(host) !== 0) return isPrivate(host)
  return !host.includes('.') || /\.(localhost|local|internal|home\.arpa)$/.test(host)
}

function bypasses(noProxy: string, { host, port }: Target): boolean {
  return noProxy
    .split(/[,\s]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const [, name = '', itsPort] =
        /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? []
      if (name === '' || (itsPort !== undefined && Number(itsPort) !== port)) return false
      if (name === '*') return true
      const domain = normalizeHost(name.replace(/^\*?\./, ''))
      if (domain === null) return false
      if (host === domain) return !name.startsWith('*')
      return isIP(host) === 0 && host.endsWith(`.${domain}`)
    })
}

function parseUpstream(text: string, by: string): Upstream | null {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`)
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') return null
  const isTls = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port)
  const authorization = authorizationOf(url)
  if (authorization === undefined) return null
  return { host, port, isTls, authorization, shown: `${url.protocol}//${url.host}`, by, url: url.href }
}

/** RFC 7617. Undefined for a user or password whose percent signs are none of a URL. */
function authorizationOf({ username, password }: URL): string | null | undefined {
  if (username === '' && password === '') return null
  try {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
    return `Basic ${Buffer.from(pair).toString('base64')}`
  } catch {
    return undefined
  }
}
