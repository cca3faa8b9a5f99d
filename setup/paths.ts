/** Every file of ours on the host, in one list. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

type Environment = Record<string, string | undefined>

/** Absolute host paths. Nothing here is created by asking for it. */
export type Paths = {
  home: string
  configFile: string
  /** 0700: database, key, sockets, session folders. Sockets never live in /run/user: it vanishes at logout. */
  stateDir: string
  cacheDir: string
  responderLog: string
  /** Scopes container labels: which user and state folder a container belongs to. */
  instance: string
}

/** Pure function of the environment (XDG Base Directory Specification) and the user's home. */
export function pathsFrom(env: Environment, home: string, uid: number): Paths {
  const stateDir = join(env['XDG_STATE_HOME'] || join(home, '.local/state'), 'remote-claude')
  return {
    home,
    configFile: join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'remote-claude/config.yaml'),
    stateDir,
    cacheDir: join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'remote-claude'),
    responderLog: join(stateDir, 'responder.log'),
    instance: instanceOf(uid, stateDir),
  }
}

/** Twelve hex digits that are the same for one user and one state folder, even after the folder was deleted. */
export function instanceOf(uid: number, stateDir: string): string {
  return createHash('sha256').update(`${uid}:${stateDir}`).digest('hex').slice(0, 12)
}

/** Files that the build wrote and the product reads at run time. */
export type Dist = {
  root: string
  hooks: string
  relay: string
  paneScript: string
  imageDir: string
  /** What `rc` is for other programs: the shell script, not the compiled file. */
  rc: string
}

/** Finds `dist/` from the source tree as well as from the compiled files in it. */
export function distPaths(): Dist {
  let root = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(root, 'package.json'))) root = dirname(root)
  const dist = join(root, 'dist')
  return {
    root: dist,
    hooks: join(dist, 'hooks'),
    relay: join(dist, 'relay.cjs'),
    paneScript: join(dist, 'pane.sh'),
    imageDir: join(dist, 'image'),
    rc: join(root, 'bin/rc'),
  }
}
