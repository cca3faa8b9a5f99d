/** Which settings file of Claude Code is meant. */
import { join } from 'node:path'
import { CommandError } from '../cli/errors.ts'

export type Scope = 'user' | 'project' | 'local'
export const SCOPES: readonly Scope[] = ['user', 'project', 'local']

/** The scope of `--user`, `--project` or `--local`; the user's own settings where none is given. Throws for several. */
export function toScope(options: Record<Scope, boolean>): Scope {
  const [first = 'user', ...others] = SCOPES.filter((scope) => options[scope])
  if (others.length === 0) return first
  throw new CommandError(
    'usage',
    `--${[first, ...others].join(' and --')} are two places.`,
    'Give one of them; each can be installed into.',
  )
}

/** The file of a scope, as Claude Code (2.1.197, 2.1.330) finds it for a session that is started in `folder`. */
export function settingsFile(scope: Scope, { claudeDir, folder }: Places): string {
  if (scope === 'project') return join(folder, '.claude/settings.json')
  if (scope === 'local') return join(folder, '.claude/settings.local.json')
  return join(claudeDir, 'settings.json')
}

type Places = { claudeDir: string; folder: string }
