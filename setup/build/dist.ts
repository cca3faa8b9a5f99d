/** Where the build put what the product reads at run time. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute paths; they stay the same when dist/ is built again. */
export type Dist = {
  /** Folder of the compiled hook scripts, `<event>.cjs`. */
  hooks: string
  relay: string
  /** The program of gate containers. */
  gate: string
  /** The program that edits Claude's settings in somebody's container. */
  installer: string
  paneScript: string
  /** Folder of the Dockerfile and the entrypoint. */
  imageDir: string
  /** The compiled program, for a Node that is at hand. */
  entry: string
  /** What `rc` is for other programs: the shell script, not the compiled file. */
  rc: string
}

/** Finds dist/ from the sources as well as from the compiled files in it. */
export function distPaths(): Dist {
  let root = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(root, 'package.json'))) root = dirname(root)
  const dist = join(root, 'dist')
  return {
    hooks: join(dist, 'hooks'),
    relay: join(dist, 'relay.cjs'),
    gate: join(dist, 'gate.cjs'),
    installer: join(dist, 'install.cjs'),
    paneScript: join(dist, 'pane.sh'),
    imageDir: join(dist, 'image'),
    entry: join(dist, 'rc.cjs'),
    rc: join(root, 'bin/rc'),
  }
}
