/**
 * Which hosts a session may reach. Written by the user in `network.allowed_domains`:
 *
 *   example.org          that host, ports 80 and 443
 *   *.example.org        every name below it, not the bare domain
 *   example.org:8443     that port only; may also be a private address
 *   10.0.0.7:5432  [fd00::7]:5432
 *   host.docker.internal:8080   the host's own loopback, 127.0.0.1:8080
 *   github, npm, …       a group of hosts, see groups.ts; a host of that name is written with its port
 */
import { isIP } from 'node:net'
import { ContainerError } from '../errors.ts'
import { HOST_GROUPS } from './groups.ts'
import { isOpenToEverybody } from './public-suffixes.ts'
import { normalizeHost, parseTarget, showTarget, type Target } from './target.ts'

/** The name under which containers know the machine that they run on. */
const HOST_NAME = 'host.docker.internal'

const DEFAULT_PORTS = [80, 443]

/** One parsed entry. `port` null stands for 80 and 443; `bare` says that a star covers the domain itself as well. */
export type Rule = { text: string; host: string; subdomains: boolean; port: number | null; bare?: true }
export type Allowlist = readonly Rule[]

/** What the allowlist says to one target. `reason` is a sentence without the final stop. */
export type Decision =
  | {
      allowed: true
      reason: string
      rule: string
      /** The user named this very host and port, so that it may resolve to a private address. */
      mayBePrivate: boolean
      /** Connect to this address instead of resolving the name. */
      address: string | null
    }
  | RefusedDecision

export type RefusedDecision = {
  allowed: false
  reason: string
  rule: null
  /** What the user could do, where it is not to add to the allowlist. */
  remedy?: string
  /** No approval could make a connection of it. */
  isHopeless?: true
}

/** Parses every entry; the first bad one is a `ContainerError` that names it. */
export function parseAllowlist(entries: readonly string[]): Allowlist {
  return entries.flatMap((entry) => parseGroup(entry) ?? [parseEntry(entry)])
}

function parseGroup(name: string): Rule[] | null {
  if (!Object.hasOwn(HOST_GROUPS, name)) return null
  return HOST_GROUPS[name]?.map((entry) => ({ ...parseEntry(entry), bare: true })) ?? null
}

/** Parses one entry that is no group. A `ContainerError` says why an entry is refused and what to write instead. */
export function parseEntry(text: string): Rule {
  const subdomains = text.startsWith('*.')
  const refuse = (why: string, remedy: string): never => {
    throw new ContainerError('bad-domain', `The allowed domain ${JSON.stringify(text)} ${why}.`, remedy)
  }
  const example = 'Write a host such as example.org, *.example.org or example.org:8443.'
  if (text === '*' || text === '*.') refuse('would let everything out', 'List the hosts that Claude needs.')
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) refuse('has a scheme in front', example)
  if (text.includes('@')) refuse('has a user name in it', example)
  if (/[/\\?#]/.test(text))
    refuse('has a path in it; a session may reach a host or not, never a part of it', example)
  const rest = subdomains ? text.slice(2) : text
  if (rest.includes('*'))
    refuse('has a star in an odd place', 'A star may only stand first, as in *.example.org.')

  const bare = normalizeHost(
    rest.includes(':') && !rest.startsWith('[') && isIP(rest) === 6 ? `[${rest}]` : rest,
  )
  const target = bare === null ? parseTarget(rest) : { host: bare, port: null }
  if (target === null) return refuse('is not a host name', example)
  const { host, port } = target
  if (isIP(host) !== 0) {
    if (subdomains) refuse('puts a star before an address', example)
    if (port === null) {
      const withPort = showTarget({ host, port: 443 })
      refuse(
        'is an address without a port',
        `Say which port, for example ${withPort}, or list the name instead.`,
      )
    }
  }
  if (host === HOST_NAME && (port === null || subdomains)) {
    refuse('stands for this machine and needs a port', `Write ${HOST_NAME}:PORT.`)
  }
  if (subdomains && isOpenToEverybody(host)) {
    refuse(
      `would let data out to anybody, because anybody can get a name under ${host}`,
      'List the exact hosts.',
    )
  }
  return { text, host, subdomains, port }
}

/** Whether the allowlist lets a session connect to `host:port`. Nothing listed means nothing allowed. */
export function decide(wanted: Target, allowlist: Allowlist): Decision {
  const host = normalizeHost(isIP(wanted.host) === 6 ? `[${wanted.host}]` : wanted.host)
  if (host === null)
    return { ...refused(`${JSON.stringify(wanted.host)} is not a host name`), isHopeless: true }
  const target = { host, port: wanted.port }
  const rules = allowlist.filter((rule) => matches(rule, target))
  // The rule that names host and port decides over its wider neighbours: it alone may mean a private address.
  const rule = rules.find((candidate) => candidate.port !== null && !candidate.subdomains) ?? rules[0]
  if (rule === undefined) return refused(whyNot(target, allowlist))
  return {
    allowed: true,
    reason: `${rule.text} is on the allowlist`,
    rule: rule.text,
    mayBePrivate: rule.port !== null && !rule.subdomains,
    address: host === HOST_NAME ? '127.0.0.1' : null,
  }
}

function matches(rule: Rule, { host, port }: Target): boolean {
  return matchesHost(rule, host) && (rule.port === null ? DEFAULT_PORTS.includes(port) : rule.port === port)
}

function matchesHost(rule: Rule, host: string): boolean {
  if (!rule.subdomains) return host === rule.host
  return isIP(host) === 0 && (host.endsWith(`.${rule.host}`) || (rule.bare === true && host === rule.host))
}

function whyNot({ host, port }: Target, allowlist: Allowlist): string {
  const listed = allowlist.find((rule) => matchesHost(rule, host))
  if (listed === undefined) return `${host} is not on the allowlist`
  return `${listed.text} is on the allowlist, but not for port ${port}`
}

function refused(reason: string): RefusedDecision {
  return { allowed: false, reason, rule: null }
}
