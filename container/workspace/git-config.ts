/** What settings of git's mean: switches, paths, and which of them make git run something. Pure. */
import { isAbsolute, join } from 'node:path'

export type Setting = { name: string; value: string }

/** One entry of what git prints with `--null`: name, line feed, value. A name without a value is a switch that is on. */
export function toSetting(entry: string): Setting {
  const end = entry.indexOf('\n')
  return end < 0 ? { name: entry, value: 'true' } : { name: entry.slice(0, end), value: entry.slice(end + 1) }
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
  // A section's name may hold every character but a line feed.
  's',
)

/** Names that are switches too (a program may be called `on`, but not where git reads a switch), and what git writes itself. */
function isHarmless(name: string, value: string): boolean {
  const isSwitch = /^(true|false|yes|no|on|off|0|1)?$/i.test(value)
  if (isSwitch && (name === 'core.fsmonitor' || name === 'extensions.worktreeconfig')) return true
  return name === 'core.worktree' || (name.startsWith('submodule.') && !value.startsWith('!'))
}
