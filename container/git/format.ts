/** Git's configuration as text. Pure. */
import type { Setting } from '../workspace/git-config.ts'

/** A file that git reads these settings from, in this order. Leaves out what no such file can hold. */
export function formatSettings(settings: readonly Setting[]): string {
  return settings.map(formatSetting).join('')
}

function formatSetting({ name, value }: Setting): string {
  const [, section, sub, key] = /^([a-z0-9-]+)\.(?:(.*)\.)?([a-z][a-z0-9-]*)$/is.exec(name) ?? []
  if (section === undefined || key === undefined || /[\0\n]/.test(sub ?? '') || value.includes('\0'))
    return ''
  const header = sub === undefined ? section : `${section} "${sub.replace(/["\\]/g, '\\$&')}"`
  return `[${header}]\n\t${key} = "${value.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, '\\t')}"\n`
}
