/**
 * Our hooks in a settings file of Claude Code. Whatever happens, the file is afterwards the old one or the new one, and
 * what stood in it before us can be given back.
 *
 *   look ─> all as it shall be ─> done
 *    ^  └─> record what was there ─> swap in the new text ─┐
 *    └─────────────────────────────────────────────────────┘
 */

import { mkdir, rmdir } from 'node:fs/promises'
import type { HookGroup, IsOurs } from '../text/groups.ts'
import { addHooks, findHooks, removeHooks } from '../text/text.ts'
import { digestOf, toBytes } from './bytes.ts'
import { removeDeadDrafts } from './draft.ts'
import { checkMayReplace } from './place.ts'
import { nextRecord, recordsIn, type SettingsRecord } from './record.ts'
import { goRound, inWords, type Look, lookAt } from './rounds.ts'
import { swap } from './swap.ts'

export type FileOptions = {
  file: string
  /** A folder of ours, where is kept what was there before; 0700 if it has to be made. */
  records: string
  /** Of a file that has to be made, less the umask: 0600 if absent, as settings may hold keys. */
  mode?: number
}

/** Puts exactly these groups of ours into the file. `target` is its real path. Throws `SettingsError`. */
export async function installInto(
  { file, records: folder, mode = 0o600 }: FileOptions,
  groups: readonly HookGroup[],
  isOurs: IsOurs,
): Promise<{ changed: boolean; created: boolean; target: string }> {
  const records = recordsIn(folder)
  const done = { changed: false, created: false }
  return await goRound(file, async ({ place, state, text }, isOver) => {
    const { target, hasFolder } = place
    await removeDeadDrafts(target)
    const next = addHooks(text, groups, isOurs)
    if (next === text) return { ...done, target }
    if (isOver) return null
    if (addHooks(next, groups, isOurs) !== next)
      throw new Error('What was put in is not found again as ours.')
    await checkMayReplace(file, place, state)
    const [bytes, to] = [state?.bytes ?? null, toBytes(next)]
    const plain = state && toBytes(removeHooks(text, isOurs))
    await records.save(target, nextRecord(await records.read(target), { bytes, hasFolder, plain, to }))
    await mkdir(place.folder, { recursive: true, mode: mode | ((mode & 0o444) >> 2) })
    if (await swap({ target, from: state, to, mode })) {
      done.changed = true
      done.created ||= state === null
    }
    return null
  })
}

/** What became of the file: see `uninstallFrom`. */
export type Uninstalled = 'restored' | 'taken-out' | 'removed' | 'not-there'

/**
 * `restored`: it is again what it was before the first install, to the byte. `removed`: so there is no file, as before.
 * `taken-out`: others had written it since, and only ours went. `not-there`: it held none of ours.
 */
export async function uninstallFrom(
  { file, records: folder }: FileOptions,
  isOurs: IsOurs,
): Promise<Uninstalled> {
  const records = recordsIn(folder)
  let end: Uninstalled = 'not-there'
  return await goRound(file, async ({ place, state, text }, isOver) => {
    const { target } = place
    await removeDeadDrafts(target)
    const record = await records.read(target)
    const next = whatStays(record, { state, text }, isOurs)
    if (next === null) {
      // Other things may be in it by now.
      if (state === null && record?.madeFolder) await rmdir(place.folder).catch(() => {})
      await records.drop(target)
      return end
    }
    if (isOver) return null
    await checkMayReplace(file, place, state)
    if (await swap({ target, from: state, to: next.bytes, mode: 0o600 })) end = next.end
    return null
  })
}

/** Our hooks in the file; none where there is no file. Throws `SettingsError` for one that cannot be read. */
export async function readInstalled(file: string, isOurs: IsOurs): Promise<HookGroup[]> {
  return await inWords(file, async () => findHooks((await lookAt(file)).text, isOurs))
}

/** What the file is to be without ours; null where it has none. */
function whatStays(
  record: SettingsRecord | null,
  { state, text }: Pick<Look, 'state' | 'text'>,
  isOurs: IsOurs,
): { bytes: Buffer | null; end: Uninstalled } | null {
  if (state !== null && record?.wrote.includes(digestOf(state.bytes))) {
    return { bytes: record.before, end: record.before === null ? 'removed' : 'restored' }
  }
  const next = removeHooks(text, isOurs)
  return next === text ? null : { bytes: toBytes(next), end: 'taken-out' }
}
