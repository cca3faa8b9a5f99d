/** Plugins that settings enable, as far as a box has them. Pure. */
import { shorten } from './user-commands.ts'

const MOST_NAMED = 5

/** What of a user's enabled plugins is left out, in at most two phrases. */
export function leavePlugins(enabled: unknown): string[] {
  const names = enabledPlugins(enabled)
  const own = names.filter((name) => name.endsWith('@skills-dir'))
  const others = names.filter((name) => !own.includes(name))
  return [
    ...(others.length === 0
      ? []
      : [`plugins, with their hooks, commands, agents, skills and MCP servers (${namesOf(others)})`]),
    // They lie in ~/.claude/skills, which is copied; the managed settings allow no hooks of plugins.
    ...(own.length === 0 ? [] : [`hooks of plugins in ~/.claude/skills (${namesOf(own)})`]),
  ]
}

/** Those that are switched on and not part of Claude Code itself. */
export function enabledPlugins(given: unknown): string[] {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return []
  return Object.entries(given).flatMap(([name, value]) =>
    // 2.1.197 takes a list of versions for on, 2.1.332 does not.
    (value === true || Array.isArray(value)) && !name.endsWith('@builtin') ? [name] : [],
  )
}

/** A project's may be as many and as long as it likes. */
export function namesOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMED
  const shown = names.slice(0, MOST_NAMED).map(shorten).join(', ')
  return more > 0 ? `${shown} and ${more} more` : shown
}
