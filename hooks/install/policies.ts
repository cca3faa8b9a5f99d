/** What keeps Claude Code from running hooks of a settings file: settings of a company, read from where Claude is. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A setting, and the file that it stands in. */
export type Policy = {
  file: string
  key: 'allowManagedHooksOnly' | 'disableAllHooks'
  /** False where Claude obeys the file only while it is logged in to the company that sent it. */
  isSure: boolean
}

const KEYS = ['allowManagedHooksOnly', 'disableAllHooks'] as const

/** Where an administrator's settings stand. What macOS and Windows keep elsewhere is not looked at. */
const MANAGED = process.platform === 'darwin' ? '/Library/Application Support/ClaudeCode' : '/etc/claude-code'

/**
 * Of `managed-settings.json`, then of `managed-settings.d/*.json` in the order of their names, the last one that says
 * something counts (2.1.197, 2.1.332; the folder is not read by 2.1.77). A text such as "true" counts as yes: 2.1.332
 * takes it so. `remote-settings.json` is what Claude keeps of a company's settings from afar.
 */
export function findPolicy(claudeDir: string, managed: string = MANAGED): Policy | null {
  return lastOf(managedFiles(managed), true) ?? lastOf([remoteFile(claudeDir)], false)
}

/** Which variables a company sets for Claude, file by file: nothing that is said at a start outranks them. */
export function companyVariables(
  claudeDir: string,
  managed: string = MANAGED,
): { file: string; names: string[] }[] {
  return [...managedFiles(managed), remoteFile(claudeDir)].flatMap((file) => {
    const { env } = settingsOf(file)
    return typeof env === 'object' && env !== null ? [{ file, names: Object.keys(env) }] : []
  })
}

function managedFiles(managed: string): string[] {
  const parts = join(managed, 'managed-settings.d')
  return [join(managed, 'managed-settings.json'), ...namesIn(parts).map((name) => join(parts, name))]
}

function remoteFile(claudeDir: string): string {
  return join(claudeDir, 'remote-settings.json')
}

function lastOf(files: readonly string[], isSure: boolean): Policy | null {
  for (const key of KEYS) {
    const file = files.findLast((one) => key in settingsOf(one))
    if (file !== undefined && settingsOf(file)[key] !== false) return { file, key, isSure }
  }
  return null
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^[^.].*\.json$/.test(name))
      .sort()
  } catch {
    return []
  }
}

/** Empty for a file that is not there or cannot be read as settings: what Claude makes of that is its own affair. */
function settingsOf(file: string): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8').replace(/^\ufeff/, ''))
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
