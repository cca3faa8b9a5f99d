/** Folders that exist during a build only. Their names say whose they are, so that those of a killed build can go. */
import { mkdir, mkdtemp, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { isAlive } from '../../hooks/client/is-alive.ts'

const NAME = /^building-(\d+)-/

/** Runs `work` with a new empty folder in `parent`, which is gone afterwards, whatever happens. */
export async function withBuildFolder<T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(parent, { recursive: true })
  const folder = await mkdtemp(join(parent, `building-${process.pid}-`))
  try {
    return await work(folder)
  } finally {
    await removeTree(folder)
  }
}

/** Removes what builds left in `parent` whose process was killed. */
export async function removeBuildFolders(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const pid = NAME.exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid))) await removeTree(join(parent, name))
  }
}

/** A killed debootstrap leaves /proc and /sys mounted in its tree; those must be let go, never emptied. */
async function removeTree(folder: string): Promise<void> {
  const mounted = ['proc', 'sys'].map((name) => join(folder, name))
  if (process.getuid?.() === 0) await execa('umount', ['-q', ...mounted], { reject: false })
  await execa('rm', ['-rf', '--one-file-system', '--', folder], { reject: false })
}
