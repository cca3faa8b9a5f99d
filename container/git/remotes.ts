/** Where a repository's remotes really are: rewritten by the configuration, and which ssh host that is. Pure. */
import type { Setting } from '../workspace/git-config.ts'

export type Remote = { name: string; url: string; direction: 'fetch' | 'push' }

/** As the user wrote them down. */
export function remoteUrls(settings: readonly Setting[]): string[] {
  return remotesOf(settings).map(({ url }) => url)
}

/** What git would dial for each remote in `local`, with the rewrites of all `settings` (git-config(1), `url.<base>`). */
export function findRemotes(local: readonly Setting[], settings: readonly Setting[]): Remote[] {
  const all = remotesOf(local)
  return all.flatMap(({ name, url, isPush }): Remote[] => {
    const fetch = rewrite(url, 'insteadof', settings) ?? url
    if (isPush) return [{ name, url: fetch, direction: 'push' }]
    const hasOwnPush = all.some((other) => other.name === name && other.isPush)
    const push = rewrite(url, 'pushinsteadof', settings) ?? fetch
    return hasOwnPush || push === fetch
      ? [{ name, url: fetch, direction: 'fetch' }]
      : [
          { name, url: fetch, direction: 'fetch' },
          { name, url: push, direction: 'push' },
        ]
  })
}

/** What the URL names as user, host and port; null for one that is not ssh, or whose host is no plain name. */
export function sshTarget(url: string): { host: string; user: string | null; port: number | null } | null {
  const long = /^(?:ssh|git\+ssh|ssh\+git):\/\/(?:([^@/]+)@)?(\[[^\]/]+\]|[^:/]+)(?::(\d+))?(?:\/|$)/.exec(
    url,
  )
  const short = url.includes('://') ? null : /^(?:([^@/:]+)@)?(\[[^\]/]+\]|[^:/]+):(?!:)/.exec(url)
  const [, user, host = '', port] = long ?? short ?? []
  // The name becomes an argument and a line of a file; ssh's own hosts and aliases are no more than this.
  const isName = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(host)
  return isName ? { host, user: user ?? null, port: port === undefined ? null : Number(port) } : null
}

/** Host and port of an http(s) URL, or null. */
export function webTarget(url: string): { host: string; port: number } | null {
  const parsed = /^https?:/i.test(url) ? URL.parse(url) : null
  if (parsed === null || parsed.hostname === '') return null
  return { host: parsed.hostname, port: Number(parsed.port || (parsed.protocol === 'http:' ? 80 : 443)) }
}

function remotesOf(settings: readonly Setting[]): { name: string; url: string; isPush: boolean }[] {
  return settings.flatMap(({ name, value }) => {
    const [, remote, key] = /^remote\.(.+)\.(url|pushurl)$/s.exec(name) ?? []
    return remote === undefined ? [] : [{ name: remote, url: value, isPush: key === 'pushurl' }]
  })
}

/** The longest beginning that fits decides; an empty one takes none back here. */
function rewrite(
  url: string,
  key: 'insteadof' | 'pushinsteadof',
  settings: readonly Setting[],
): string | null {
  let best: { base: string; begin: string } | null = null
  for (const { name, value } of settings) {
    const base = name.startsWith('url.') && name.endsWith(`.${key}`) ? name.slice(4, -key.length - 1) : null
    if (base === null || value === '' || !url.startsWith(value)) continue
    if (best === null || value.length > best.begin.length) best = { base, begin: value }
  }
  return best === null ? null : best.base + url.slice(best.begin.length)
}
