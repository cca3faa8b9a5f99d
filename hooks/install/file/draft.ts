/** Files that are written beside another and then take its place, so that it is never seen half written. */
import { randomBytes } from 'node:crypto'
import { open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isAlive } from '../../client/is-alive.ts'

/** `like` is a file that the draft is to resemble; without it `mode` and the umask decide. */
export type DraftOptions = { mode: number; like?: { mode: number; gid: number } }

/** Writes a file to be moved to `target`, down to the disk, and gives its path. */
export async function writeDraft(
  target: string,
  bytes: Buffer,
  { mode, like }: DraftOptions,
): Promise<string> {
  const draft = join(dirname(target), `${prefixOf(target)}${process.pid}-${randomBytes(6).toString('hex')}`)
  try {
    const handle = await open(draft, 'wx', like === undefined ? mode : 0o600)
    try {
      await handle.writeFile(bytes)
      if (like !== undefined) {
        if ((await handle.stat()).gid !== like.gid) await handle.chown(-1, like.gid)
        await handle.chmod(like.mode & 0o7777)
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
    return draft
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

/** Replaces a file of ours, or makes it. */
export async function writeWhole(target: string, bytes: Buffer): Promise<void> {
  const draft = await writeDraft(target, bytes, { mode: 0o600 })
  try {
    await rename(draft, target)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  await syncFolder(target)
}

/** Makes the names in the folder of a file as lasting as the bytes. */
export async function syncFolder(target: string): Promise<void> {
  const handle = await open(dirname(target), 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Removes drafts for that file whose writers are gone. Where that is not allowed they stay, and harm nobody. */
export async function removeDeadDrafts(target: string): Promise<void> {
  const folder = dirname(target)
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(prefixOf(target))) continue
    const [, pid] = /^(\d+)-[0-9a-f]{12}$/.exec(name.slice(prefixOf(target).length)) ?? []
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(folder, name)).catch(() => {})
  }
}

function prefixOf(target: string): string {
  return `.${basename(target)}.remote-claude-`
}
