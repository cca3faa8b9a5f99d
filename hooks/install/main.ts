/**
 * The program that edits settings inside somebody's container, as the user that Claude runs as there. It is told one
 * task on its stdin and says what came of it on its stdout, one JSON object each.
 */

import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { checkInstalled, type Health } from './check.ts'
import { isOursOf } from './command.ts'
import { SettingsError } from './errors.ts'
import { installInto, uninstallFrom } from './file/file.ts'
import type { HookGroup } from './text/groups.ts'

export type InstallTask =
  | { action: 'install'; groups: HookGroup[] }
  | { action: 'uninstall' }
  | { action: 'status' }

/** `file` is the settings file inside; the rest is what the task gave. */
export type InstallAnswer = { file: string } & (
  | { changed: boolean }
  | { end: string }
  | { health: Health }
  | { error: { code: string; message: string; remedy: string } }
)

/** The file may be mounted from elsewhere, and hold lines of ours for a Claude there. */
const isOurs = isOursOf((script) => script.startsWith(`${dirname(process.argv[1] ?? '')}/`))

async function carryOut(task: InstallTask, file: string): Promise<InstallAnswer> {
  const options = { file, records: join(homedir(), '.local/state/remote-claude/settings-records') }
  switch (task.action) {
    case 'install':
      return { file, changed: (await installInto(options, task.groups, isOurs)).changed }
    case 'uninstall':
      return { file, end: await uninstallFrom(options, isOurs) }
    case 'status':
      return { file, health: await checkInstalled(file, dirname(file), isOurs) }
  }
}

const settings = join(process.env['CLAUDE_CONFIG_DIR'] || join(homedir(), '.claude'), 'settings.json')
void carryOut(JSON.parse(readFileSync(0, 'utf8')), settings)
  .catch((error: unknown): InstallAnswer => {
    if (!(error instanceof SettingsError)) throw error
    const { code, message, remedy } = error
    return { file: settings, error: { code, message, remedy } }
  })
  .then((answer) => process.stdout.write(JSON.stringify(answer)))
