/** The proxy that this machine goes through: as pushes take it, and in words. */
import { describeHostProxy, type HostProxy, readHostProxy } from '../container/egress/host-proxy.ts'
import type { PushProxy } from '../server/push/proxy.ts'

/** The same proxies, for pushes. */
export function toPushProxy({ http, https, noProxy }: HostProxy): PushProxy {
  for (const one of [http, https]) if (one !== null && 'problem' in one) return one
  const urlOf = (one: typeof http) => (one === null || 'problem' in one ? '' : one.url)
  return { http: urlOf(http), https: urlOf(https), noProxy }
}

/**
 * What a person should know: which proxy sessions and pushes go through, which is the responder's, and that this shell has
 * another one. `used` is the responder's word; undefined where it is too old to say. Empty where there is nothing to say.
 */
export function proxyNotices(used: string | null | undefined, env: NodeJS.ProcessEnv): string[] {
  const here = describeHostProxy(readHostProxy(env))
  const restart = 'rc server restart takes over what this shell has.'
  if (used === undefined) {
    return here === null ? [] : [`The responder that runs knows no proxy, being an older version: ${restart}`]
  }
  const uses = used === null ? [] : [`Sessions and pushes go through the proxy ${used}.`]
  if (used === here) return uses
  return here === null
    ? [...uses, `That is the responder's; this shell has no proxy. To go without one: ${restart}`]
    : [
        ...uses,
        `This shell has the proxy ${here}, and the responder was started ${used === null ? 'without one' : 'with another'}: ${restart}`,
      ]
}
