/** The configured allowed hosts while the responder runs: a person can add one for good. */
import type { Log } from '../server/ports.ts'
import { loadConfig, saveConfig } from '../setup/config.ts'
import type { House } from './compose.ts'

/** `list` is what holds now; `add` never rejects, and writes into the file as it is by then. */
export function createAllowedHosts({ config, env, paths }: House, log: Log) {
  const hosts = [...config.network.allowed_domains]
  let writing = Promise.resolve()

  async function write(host: string): Promise<void> {
    const now = (await loadConfig(paths.configFile, env)).config.network.allowed_domains
    if (now.includes(host)) return
    await saveConfig(paths.configFile, [{ path: ['network', 'allowed_domains'], add: host, to: now }])
    log('info', 'a host was allowed for good', { host })
  }

  return {
    list: (): readonly string[] => hosts,
    async add(host: string): Promise<void> {
      if (!hosts.includes(host)) hosts.push(host)
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
