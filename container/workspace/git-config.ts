/** Git's configuration as text, read without git: what it would run is not to be found out by running it. Pure. */
import { isAbsolute, join } from 'node:path'

export type Setting = { name: string; value: string }

/** Settings with their full names, section and key in lower case: `core.fsmonitor`, `filter.lfs.clean`. */
export function readSettings(text: string): Setting[] {
  const settings: Setting[] = []
  let section = ''
  for (const line of text.split('\n')) {
    let rest = line.trim()
    const header = /^\[\s*([A-Za-z0-9.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/.exec(rest)
    if (header !== null) {
      section = `${header[1]?.toLowerCase()}.${header[2] === undefined ? '' : `${header[2]}.`}`
      rest = rest.slice(header[0].length).trim()
    }
    const setting = /^([A-Za-z][A-Za-z0-9-]*)\s*(?:=\s*(.*))?$/.exec(rest)
    if (setting === null) continue
    const value = (setting[2] ?? 'true').replace(/\s+[#;].*$/, '').replace(/^"(.*)"$/, '$1')
    settings.push({ name: section + setting[1]?.toLowerCase(), value })
  }
  return settings
}

/** The last value of a setting, which is the one that counts for git. */
export function lastValue(settings: readonly Setting[], name: string): string | null {
  return settings.findLast((setting) => setting.name === name)?.value ?? null
}

/** A switch as git reads one; false when it is not set. */
export function isOn(settings: readonly Setting[], name: string): boolean {
  return /^(true|yes|on|1)$/i.test(lastValue(settings, name) ?? '')
}

/** A path of the configuration: `~` is the home, and what is relative begins at `folder`. */
export function toPath(value: string, home: string, folder: string): string {
  if (value === '~' || value.startsWith('~/')) return join(home, value.slice(1))
  return isAbsolute(value) ? value : join(folder, value)
}

/** Names of the settings that make git run something or obey another file, each once (git 2.39's git-config(1)). */
export function findPrograms(settings: readonly Setting[]): string[] {
  const found = settings.filter(({ name, value }) => RUNS.test(name) && !isHarmless(name, value))
  return [...new Set(found.map(({ name }) => name))]
}

const RUNS = new RegExp(
  [
    'core\\.(fsmonitor|hookspath|sshcommand|pager|editor|askpass|gitproxy|worktree|alternaterefscommand|attributesfile)',
    'sequence\\.editor|diff\\.external|interactive\\.difffilter|init\\.templatedir|uploadpack\\.packobjectshook',
    '(diff|merge|filter|difftool|mergetool|browser|man|tar|trailer|guitool|sendemail)\\..*\\.?(command|textconv|driver|clean|smudge|process|cmd|path)',
    'credential\\..*helper|gpg\\..*program|remote\\..*\\.(uploadpack|receivepack|vcs)|submodule\\..*\\.update',
    'alias\\..*|pager\\..*|include\\.path|includeif\\..*\\.path|protocol\\..*allow|extensions\\.worktreeconfig',
  ]
    .map((part) => `^(?:${part})$`)
    .join('|'),
)

/** Names that are switches too (a program may be called `on`, but not where git reads a switch), and what git writes itself. */
function isHarmless(name: string, value: string): boolean {
  const isSwitch = /^(true|false|yes|no|on|off|0|1)?$/i.test(value)
  if (isSwitch && (name === 'core.fsmonitor' || name === 'extensions.worktreeconfig')) return true
  return name === 'core.worktree' || (name.startsWith('submodule.') && !value.startsWith('!'))
}
