/**
 * Another text in the place of a settings file, while others may write it too.
 *
 *   draft written and on disk ─> still what was read? ──no──────────────────────────────> false: look again
 *                                 └─yes─> the draft takes its name ─> written to meanwhile? ─no─> true
 *                                                                      └─yes─> give that back ─> false
 *
 * Claude Code itself writes its settings in place at times (seen with 2.1.197 and 2.1.330). Whoever had the old file
 * open when its name went to ours wrote into a file without a name; that is why it stays open here until the end.
 */
import { link, rename, rm, unlink } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { syncFolder, writeDraft } from './draft.ts'
import { isSame, type OpenSettings, openSettings, readAll, type SettingsState } from './state.ts'

/** `from` was read; null for no file, also as what shall be. `mode` is for a file that is made. */
export type Swap = { target: string; from: SettingsState | null; to: Buffer | null; mode: number }

/** How long somebody may take who writes in place, in milliseconds, and how often we look. */
const WRITING_MS = 1_000
const LOOK_MS = 50

/** Whether it was done. If not, the file is what somebody else made it. */
export async function swap({ target, from, to, mode }: Swap): Promise<boolean> {
  const draft = to && (await writeDraft(target, to, { mode, ...(from && { like: from.stat }) }))
  try {
    const old = await openSettings(target)
    try {
      if (!isSame(old, from)) return false
      if (draft === null) await unlink(target)
      else if (old !== null) await rename(draft, target)
      else if (!(await placeNew(draft, target))) return false
      await syncFolder(target)
      return old === null || !(await wasWrittenMeanwhile(target, old, to))
    } finally {
      await old?.handle.close()
    }
  } finally {
    if (draft !== null) await rm(draft, { force: true })
  }
}

/** Gives a draft a name that nobody else has taken. Some file systems know no second names for a file. */
async function placeNew(draft: string, target: string): Promise<boolean> {
  try {
    await link(draft, target)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    await rename(draft, target)
  }
  return true
}

/** Puts back what somebody wrote into the old file after we had looked, unless the name is another's already. */
async function wasWrittenMeanwhile(target: string, old: OpenSettings, to: Buffer | null): Promise<boolean> {
  let written = await readAll(old.handle)
  if (written.equals(old.bytes)) return false
  for (let waited = 0; waited < WRITING_MS; waited += LOOK_MS) {
    await sleep(LOOK_MS)
    const next = await readAll(old.handle)
    const isDone = next.length > 0 && next.equals(written)
    written = next
    if (isDone) break
  }
  const draft = await writeDraft(target, written, { mode: 0o600, like: old.stat })
  try {
    const now = await openSettings(target)
    await now?.handle.close()
    if (now === null) await placeNew(draft, target)
    else if (to?.equals(now.bytes)) await rename(draft, target)
    await syncFolder(target)
  } finally {
    await rm(draft, { force: true })
  }
  return true
}
