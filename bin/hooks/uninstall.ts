/** `rc hooks uninstall` on this machine. */
import { uninstallFrom } from '../../hooks/install/file/file.ts'
import type { Output } from '../cli/output.ts'
import type { House } from '../house/house.ts'
import { isOfHost, recordsFolder } from './places.ts'
import { type Scope, settingsFile } from './scope.ts'

/** Takes our hooks out of the settings file of that scope. */
export async function uninstallFromHost(
  house: House,
  { scope, folder, output }: { scope: Scope; folder: string; output: Output },
): Promise<void> {
  const file = settingsFile(scope, { ...house.paths, folder })
  const end = await uninstallFrom({ file, records: recordsFolder(house) }, isOfHost)
  output.print(ENDS[end](file))
}

const ENDS = {
  restored: (file: string) => `${file} is again what it was before, byte for byte.`,
  'taken-out': (file: string) =>
    `${file} was changed since, so only our hooks were taken out of it; the rest is as you left it.`,
  removed: (file: string) => `${file} was ours alone and is gone.`,
  'not-there': (file: string) => `There are no hooks of ours in ${file}.`,
}
