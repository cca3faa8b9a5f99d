/** Every file of ours on the host, in one list. */
import { createHash } from 'node:crypto'
import { userInfo } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { sessionFolders } from '../container/places.ts'
import { GATE_SOCKETS, MAX_SOCKET_PATH } from '../server/protocol.ts'
import { SetupError } from './errors.ts'

export { type Dist, distPaths } from './build/dist.ts'

type Environment = Record<string, string | undefined>

/** Absolute host paths. Nothing here is created by asking for it. */
export type Paths = {
  home: string
  /** The folder of the user's own Claude: settings, transcripts (Claude Code 2.1.197 and later). */
  claudeDir: string
  configFile: string
  /** 0700: database, key, sockets, session folders. Sockets never live in /run/user: it vanishes at logout. */
  stateDir: string
  cacheDir: string
  database: string
  /** 32 random bytes, 0600. */
  keyFile: string
  ownerSocket: string
  responderLog: string
  /** dockerd's output where no init system looks after it. */
  dockerdLog: string
  /** Scopes container labels: which user and state folder a container belongs to. */
  instance: string
}

/**
 * Pure function of the environment and the user. A relative XDG folder is ignored, as the XDG Base Directory
 * Specification wants.
 */
export function pathsFrom(env: Environment, user: { home: string; uid: number }): Paths {
  const home = isAbsolute(env.HOME ?? '') ? (env.HOME as string) : user.home
  const stateDir = xdg(env.XDG_STATE_HOME, join(home, '.local/state'))
  return {
    home,
    // Claude takes an empty one for none.
    claudeDir: env.CLAUDE_CONFIG_DIR || join(home, '.claude'),
    configFile: join(xdg(env.XDG_CONFIG_HOME, join(home, '.config')), 'config.yaml'),
    stateDir,
    cacheDir: xdg(env.XDG_CACHE_HOME, join(home, '.cache')),
    database: join(stateDir, 'responder.db'),
    keyFile: join(stateDir, 'key'),
    ownerSocket: join(stateDir, 'owner.sock'),
    responderLog: join(stateDir, 'responder.log'),
    dockerdLog: join(stateDir, 'dockerd.log'),
    instance: instanceOf(user.uid, stateDir),
  }
}

/** The paths of whoever runs this process, which may be a user without an entry in the user database. */
export function ownPaths(env: Environment): Paths {
  try {
    const { homedir, uid } = userInfo()
    return pathsFrom(env, { home: homedir, uid })
  } catch {
    return pathsFrom(env, { home: '/', uid: process.getuid?.() ?? 0 })
  }
}

/** Refuses a state folder in which the sockets of a session would have names too long for the system. */
export function checkSocketPaths(paths: Paths): void {
  const { gate } = sessionFolders(paths.stateDir, 'x'.repeat(16))
  const longest = Object.values(GATE_SOCKETS)
    .map((name) => Buffer.byteLength(join(gate, name)))
    .reduce((left, right) => Math.max(left, right), Buffer.byteLength(paths.ownerSocket))
  if (longest <= MAX_SOCKET_PATH) return
  throw new SetupError(
    'path-too-long',
    `The state folder ${paths.stateDir} has a path too long for unix sockets, by ${longest - MAX_SOCKET_PATH} bytes.`,
    'Set XDG_STATE_HOME to a folder with a shorter path.',
  )
}

/** Twelve hex digits that are the same for one user and one state folder, even after the folder was deleted. */
function instanceOf(uid: number, stateDir: string): string {
  return createHash('sha256').update(`${uid}:${stateDir}`).digest('hex').slice(0, 12)
}

function xdg(folder: string | undefined, otherwise: string): string {
  return join(folder !== undefined && isAbsolute(folder) ? folder : otherwise, 'remote-claude')
}
