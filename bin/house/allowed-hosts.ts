/** The configured allowed hosts while the responder runs: as the file has them, and a person can add one for good. */
import type { Log } from '../../server/ports.ts'
import { loadConfig, saveConfig } from '../../setup/config/config.ts'
import type { FollowedConfig } from './followed-config.ts'
import type { House } from './house.ts'

/** `list` is what holds now; `add` never rejects, and writes into the file as it is by then. */
export function createAllowedHosts(
  { env, paths }: Pick<House, 'env' | 'paths'>,
  { current, look }: Pick<FollowedConfig, 'current' | 'look'>,
  log: Log,
) {
  /** Allowed for good by a person, and not in the file yet. */
  const unwritten = new Set<string>()
  let writing = Promise.resolve()

  async function write(host: string): Promise<void> {
    const now = (await loadConfig(paths.configFile, env)).config.network.allowed_domains
    if (!now.includes(host)) {
      await saveConfig(paths.configFile, [{ path: ['network', 'allowed_domains'], add: host, to: now }])
      log('info', 'a host was allowed for good', { host })
    }
    await look()
    // From here on the file alone decides, so that the user can take it away again.
    if (current().network.allowed_domains.includes(host)) unwritten.delete(host)
  }

  return {
    list: (): readonly string[] => [...current().network.allowed_domains, ...unwritten],
    async add(host: string): Promise<void> {
      unwritten.add(host)
      writing = writing
        .then(() => write(host))
        .catch((error: Error) => {
          log('error', 'a host that was allowed for good could not be written into the configuration', {
            host,
            error: error.message,
          })
        })
      await writing
    },
  }
}
