/** The configuration while the responder runs: read again whenever its file has changed. */
import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseAllowlist } from '../../container/egress/allowlist.ts'
import type { Approvals } from '../../server/asks/hook-ask.ts'
import type { Log, PushService, PushServices } from '../../server/ports.ts'
import { createPushServices } from '../../server/push/create.ts'
import type { PushProxy } from '../../server/push/http/proxy.ts'
import { type Config, loadConfig } from '../../setup/config/config.ts'
import type { House } from './house.ts'
import { clock } from './ports.ts'

/** How often the file is looked at where no connection gives a reason to. */
const LOOK_MS = 1_000

/** An editor may empty a file, or move it away, before it writes: what is read has stood this long. */
const SETTLED_MS = 100
const MOST_ROUNDS = 10

export type FollowedConfig = ReturnType<typeof createFollowedConfig>

/** Starts with the configuration of the house. Looks by itself between `start` and `stop`, and whenever it is asked to. */
export function createFollowedConfig(
  { config, env, paths }: Pick<House, 'config' | 'env' | 'paths'>,
  log: Log,
) {
  const listeners: (() => void)[] = []
  let current = config
  let seen: string | null = null
  let problem: string | null = null
  let looking: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null

  /** Reads the file if it has changed. Never rejects; looks at once share one. */
  function look(): Promise<void> {
    looking ??= lookOnce().finally(() => {
      looking = null
    })
    return looking
  }

  async function lookOnce(): Promise<void> {
    let stamp = await stampOf(paths.configFile)
    if (stamp === seen) return
    if (seen !== null) stamp = await settled(paths.configFile, stamp)
    try {
      const read = (await loadConfig(paths.configFile, env)).config
      // One bad entry would make the whole list unreadable, and an unreadable list allows nothing.
      parseAllowlist(read.network.allowed_domains)
      // Written to while it was read: the next look reads it again.
      if ((await stampOf(paths.configFile)) !== stamp) return
      take(read)
    } catch (error) {
      tell((error as Error).message)
    }
    seen = stamp
  }

  function take(read: Config): void {
    if (problem !== null) log('info', 'the configuration is in order again')
    problem = null
    if (JSON.stringify(read) === JSON.stringify(current)) return
    current = read
    log('info', 'the configuration was read again')
    for (const listener of listeners) listener()
  }

  function tell(message: string): void {
    if (message === problem) return
    problem = message
    log('warn', 'the configuration cannot be used, so what it said before still holds', { problem: message })
  }

  return {
    /** The last one that was in order. */
    current: (): Config => current,
    /** What is wrong with the file, in sentences; null where it is followed. */
    problem: (): string | null => problem,
    onChange: (listener: () => void): void => void listeners.push(listener),

    look,

    /** The house's own counts until the file changes: that of a demo was never in one. */
    async start(): Promise<void> {
      seen ??= await stampOf(paths.configFile)
      timer = setInterval(() => void look(), LOOK_MS).unref()
    },

    async stop(): Promise<void> {
      if (timer !== null) clearInterval(timer)
      await looking
    },
  }
}

type Followed = Pick<FollowedConfig, 'current'>

/**
 * How questions are asked, as the file says it when one comes. `askRules`: of the session, which keeps those that its Claude
 * was started with.
 */
export function followedApprovals({ current }: Followed, askRules: Approvals['askRules']): Approvals {
  return {
    get askMs() {
      return current().approvals.timeout * 1000
    },
    get onTimeout() {
      return current().approvals.on_timeout
    },
    get subagentWaitMs() {
      return current().approvals.subagent_wait * 1000
    },
    get headless() {
      return current().approvals.headless
    },
    askRules,
  }
}

/** Services that are made again when their settings have changed, and only then. */
export function followedPush({ current }: Followed, proxy: PushProxy): PushServices {
  let made: { of: string; services: PushService[] } | null = null
  return () => {
    const { notifications } = current()
    const of = JSON.stringify(notifications)
    if (made?.of !== of)
      made = { of, services: createPushServices({ settings: notifications, proxy, clock }) }
    return made.services
  }
}

/** Changes with whatever may have changed the file's text; of a link, the file that it leads to. */
async function stampOf(file: string): Promise<string> {
  try {
    const { mtimeNs, ctimeNs, size, ino } = await stat(file, { bigint: true })
    return [mtimeNs, ctimeNs, size, ino].join(' ')
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code)
  }
}

async function settled(file: string, stamp: string): Promise<string> {
  let before = stamp
  for (let round = 0; round < MOST_ROUNDS; round++) {
    await sleep(SETTLED_MS)
    const now = await stampOf(file)
    if (now === before) break
    before = now
  }
  return before
}
