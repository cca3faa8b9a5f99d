/** The way to push services: direct, or through the proxy that this machine goes through. */
import { type Dispatcher, EnvHttpProxyAgent } from 'undici'

/** Addresses of proxies with user and password, '' for none; or a sentence about one that cannot be followed. */
export type PushProxy = { http: string; https: string; noProxy: string } | { problem: string }

/** What is asked at this machine itself is never asked of a proxy elsewhere, which would ask its own. */
const NEAR = 'localhost,127.0.0.1,::1'

/** Gives the dispatcher of a request, or throws the sentence that says why there is none. */
export type PushWay = () => Dispatcher

export function createPushWay(proxy: PushProxy): PushWay {
  if ('problem' in proxy) {
    return () => {
      throw new Error(proxy.problem)
    }
  }
  const { http, https, noProxy } = proxy
  // Empty strings, because the variables of this process stand in for what is undefined.
  const agent = new EnvHttpProxyAgent({
    httpProxy: http,
    httpsProxy: https,
    noProxy: `${noProxy},${NEAR}`,
  })
  return () => agent
}
