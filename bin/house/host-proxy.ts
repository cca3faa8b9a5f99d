/** The proxy that this machine goes through: as pushes take it, and in words. */
import { describeHostProxy, type HostProxy, readHostProxy } from '../../container/egress/host-proxy.ts'
import type { PushProxy } from '../../server/push/http/proxy.ts'

/** The same proxies, for pushes. */
export function toPushProxy({ http, https, noProxy }: HostProxy): PushProxy {
  for (const one of [http, https]) if (one !== null && 'problem' in one) return one
  const urlOf = (one: typeof http) => (one === null || 'problem' in one ? '' : one.url)
  return { http: urlOf(http), https: urlOf(https), noProxy }
}

/** What to do where the responder has another proxy than the shell. */
export const TAKE_OVER = 'rc server restart takes over what this shell has.'

/**
 * Which proxy sessions and pushes go through, and that this shell has another one; null where there is nothing to say. `used`
 * is the responder's word; undefined where it is too old to say.
 */
export function compareProxies(
  used: string | null | undefined,
  env: NodeJS.ProcessEnv,
): { uses: string | null; differs: string | null } {
  const here = describeHostProxy(readHostProxy(env))
  const uses = used ? `Sessions and pushes go through the proxy ${used}.` : null
  if ((used ?? null) === here) return { uses, differs: null }
  if (here === null)
    return { uses, differs: `This shell has no proxy, and the responder was started with one.` }
  const other =
    used === undefined
      ? 'is of an older version'
      : used === null
        ? 'was started without one'
        : 'was started with another'
  return { uses, differs: `This shell has the proxy ${here}, and the responder ${other}.` }
}

/** The same as lines for a start. */
export function proxyNotices(used: string | null | undefined, env: NodeJS.ProcessEnv): string[] {
  const { uses, differs } = compareProxies(used, env)
  return [uses, differs === null ? null : `${differs} ${TAKE_OVER}`].filter((line) => line !== null)
}
