/** A folder with a settings file in it, for tests of what happens to that file. */
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import { installInto, readInstalled, uninstallFrom } from '../../../../../hooks/install/file/file.ts'
import { GROUPS, isOurs } from '../settings-samples.ts'

export type SettingsFolder = ReturnType<typeof createSettingsFolder>

/** `destroy` leaves nothing behind. */
export function createSettingsFolder() {
  const root = mkdtempSync(join(tmpdir(), 'rc-settings-'))
  const folder = join(root, '.claude')
  const file = join(folder, 'settings.json')
  const records = join(root, 'state/records')
  mkdirSync(folder)
  return {
    root,
    folder,
    file,
    records,
    put: (content: string | Buffer, mode = 0o644) => {
      writeFileSync(file, content)
      chmodSync(file, mode)
    },
    bytes: () => readFileSync(file),
    text: () => readFileSync(file, 'utf8'),
    /** Names in the folder of the file. */
    names: () => readdirSync(folder),
    recorded: () => readdirSync(records),
    install: (groups = GROUPS, more: { file?: string; mode?: number } = {}) =>
      installInto({ file, records, ...more }, groups, isOurs),
    uninstall: (more: { file?: string } = {}) => uninstallFrom({ file, records, ...more }, isOurs),
    read: (path = file) => readInstalled(path, isOurs),
    /** All that can be seen of the folder without opening anything. */
    look: () =>
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .toSorted()
        .map((name) => {
          const { ino, mode, uid, gid, size, mtimeMs } = lstatSync(join(root, name))
          return { name, ino, mode, uid, gid, size, mtimeMs }
        }),
    destroy: () => {
      if (existsSync(folder)) chmodSync(folder, 0o755)
      rmSync(root, { recursive: true, force: true })
    },
  }
}

const STRANGER = 12_345

/** Makes a path another user's: as root by giving it away, otherwise by being another one ourselves. */
export function giveAway(
  path: string,
  chown: (path: string, uid: number, gid: number) => void = chownSync,
): void {
  if (process.geteuid?.() === 0) chown(path, STRANGER, STRANGER)
  else vi.spyOn(process, 'geteuid').mockReturnValue(STRANGER)
}
