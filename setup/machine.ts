/** The machine as the checks see it: its programs, and who we are on it. */
import { access, constants, readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'

/** How a program ended. `output` is stdout and stderr as they came; code 127 means that there is no such program. */
export type Ran = { code: number; output: string }

export type Machine = {
  platform: NodeJS.Platform
  uid: number
  user: string
  env: Record<string, string | undefined>
  /** Runs a program to its end; never rejects. `asRoot` goes through sudo where we are not root. */
  run(
    command: string,
    args: readonly string[],
    options?: { asRoot?: boolean; timeoutMs?: number },
  ): Promise<Ran>
  /** Whether a program is on the PATH or among the administrator's. */
  has(command: string): Promise<boolean>
  exists(path: string): Promise<boolean>
  /** A text file, or an empty text where it cannot be read. */
  read(path: string): Promise<string>
  sleep(ms: number): Promise<void>
  now(): number
}

const QUIET = { LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' }

/** Debian keeps these from the PATH of ordinary users. */
const ADMIN_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin']

/** The real machine. With `interactive`, sudo may ask for a password in the terminal; otherwise it fails at once. */
export function createMachine(env: NodeJS.ProcessEnv, { interactive }: { interactive: boolean }): Machine {
  const { uid, username } = userInfo()
  const folders = [...(env['PATH'] ?? '').split(delimiter), ...ADMIN_FOLDERS].filter(
    (folder) => folder !== '',
  )
  const isThere = (path: string, mode: number) =>
    access(path, mode).then(
      () => true,
      () => false,
    )

  return {
    platform: process.platform,
    uid,
    user: username,
    env,
    run: async (command, args, { asRoot = false, timeoutMs } = {}) => {
      const words = [command, ...args]
      const [program = command, ...rest] = asRoot && uid !== 0 ? withSudo(words, interactive) : words
      const ran = await execa(program, rest, {
        all: true,
        reject: false,
        // In English, whatever the user speaks: the checks read some of it.
        env: { ...env, PATH: folders.join(delimiter), ...QUIET },
        extendEnv: false,
        stdin: interactive ? 'inherit' : 'ignore',
        ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
      })
      if (ran.code === 'ENOENT') return { code: 127, output: `${program}: not found` }
      return { code: ran.exitCode ?? 1, output: ran.timedOut ? `${command} did not answer` : (ran.all ?? '') }
    },
    has: async (command) => {
      const found = await Promise.all(folders.map((folder) => isThere(join(folder, command), constants.X_OK)))
      return found.includes(true)
    },
    exists: (path) => isThere(path, constants.F_OK),
    read: (path) => readFile(path, 'utf8').catch(() => ''),
    sleep: async (ms) => void (await sleep(ms)),
    now: Date.now,
  }
}

/** The words behind sudo, which forgets the environment. Without anybody to ask it must not wait for a password. */
export function withSudo(words: readonly string[], interactive: boolean): string[] {
  const env = Object.entries(QUIET).map(([name, value]) => `${name}=${value}`)
  return ['sudo', ...(interactive ? [] : ['-n']), '--', 'env', ...env, ...words]
}
