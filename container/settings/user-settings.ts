/**
 * What of the user's `~/.claude/settings.json` counts in a box, and what is left out and why. Pure.
 *
 * Claude Code reads the file as strict JSON after a BOM; what is no JSON object it ignores as a whole. What stands wrong
 * inside `hooks` 2.1.332 passes over, while 2.1.197 ignores the whole file for it (both seen): here rules stay.
 */
import { isGuarded, isOfLogin, isProxy } from './guarded-variables.ts'
import { type BoxFacts, bringCommand, shorten } from './user-commands.ts'
import { bringHooks, hookedEvents } from './user-hooks.ts'
import { enabledPlugins, leavePlugins, namesOf } from './user-plugins.ts'
import { bringRules } from './user-rules.ts'

type Json = Record<string, unknown>

export type SettingsFacts = BoxFacts & {
  /** Whether the way out is our proxy. */
  isProxied: boolean
  /** Whether the session's login is the one that stands in these settings. */
  lendsOwn: boolean
}

export type ForBox = {
  /** `~/.claude/settings.json` of the box. */
  settings: Json
  /** The user's part of the managed settings: others may run no hook and draw no status line. */
  managed: Json & { hooks: Record<string, object[]> }
  /** Guarded variables that the user has set, which the managed settings have to repeat. */
  variables: Record<string, string>
  /** Paths below the host's `~/.claude` that the managed part needs. */
  files: string[]
  /** A sentence for each thing that is left out. */
  leftOut: string[]
}

/** They run a program of the host's to log in, or to say who one is. */
const HELPERS = [
  'apiKeyHelper',
  'awsAuthRefresh',
  'awsCredentialExport',
  'gcpAuthRefresh',
  'otelHeadersHelper',
  'proxyAuthHelper',
]
/** With `allowManagedHooksOnly` Claude takes these from the managed settings alone (2.1.197 and 2.1.332). */
const COMMANDS = ['statusLine', 'subagentStatusLine', 'fileSuggestion']

/** Where the box has its own, whatever the host's says. */
const OF_THE_BOX = new Set(['HOME', 'CLAUDE_CONFIG_DIR', 'SSH_AUTH_SOCK'])

export function forBox(text: string | null, facts: SettingsFacts): ForBox {
  const given = parseSettings(text)
  const { hooks, env, permissions, ...settings } = given ?? {}
  const leftOut: string[] = []
  const leave = (what: string) => leftOut.push(`Of your Claude settings left out: ${what}.`)
  if (text !== null && given === null && text.trim() !== '')
    leave('all of settings.json, which is not the JSON of an object; Claude Code itself ignores it too')
  const rules = bringRules(permissions)
  for (const what of [...rules.leftOut, ...leavePlugins(settings['enabledPlugins'])]) leave(what)
  for (const name of HELPERS) {
    if (settings[name] === undefined) continue
    delete settings[name]
    leave(`${name}, which runs a program of your machine`)
  }
  // Who has switched all hooks off has meant these as well.
  const isOff = settings['disableAllHooks'] === true
  const brought = bringHooks(isOff ? {} : hooks, facts)
  for (const what of brought.leftOut) leave(what)
  const files = [...brought.files]
  const managed: ForBox['managed'] = { hooks: brought.hooks }
  for (const name of COMMANDS) {
    const { [name]: own } = settings
    // What has the wrong form stays, so that Claude takes the file as it does on the host.
    if (!isCommand(own) || isOff) continue
    delete settings[name]
    const found = bringCommand(own, facts)
    if ('why' in found) leave(`${name} (${JSON.stringify(shorten(own.command))}): ${found.why}`)
    else {
      managed[name] = { ...own, command: found.command }
      files.push(...found.files)
    }
  }
  const kept = keepVariables(env, facts, leave)
  return {
    settings: {
      ...settings,
      ...(rules.permissions !== undefined && { permissions: rules.permissions }),
      ...(kept !== undefined && { env: kept }),
      skipDangerousModePermissionPrompt: true,
    },
    managed,
    variables: Object.fromEntries(
      scalars(kept).flatMap(([name, value]) => (isGuarded(name) ? [[name, String(value)]] : [])),
    ),
    files: [...new Set(files)],
    leftOut,
  }
}

/** Variables that settings set, as text. */
export function settingsVariables(text: string | null): Record<string, string> {
  return Object.fromEntries(
    scalars(parseSettings(text)?.['env']).map(([name, value]) => [name, String(value)]),
  )
}

/** Sentences about what a settings file of the project says in vain. `name` is how a person knows it. */
export function inVain(name: string, text: string | null): string[] {
  const found = parseSettings(text)
  const events = hookedEvents(found?.['hooks'])
  const plugins = enabledPlugins(found?.['enabledPlugins'])
  const names = scalars(found?.['env']).flatMap(([one]) => (isGuarded(one) ? [one] : []))
  const helper = found?.['apiKeyHelper'] === undefined ? [] : ['apiKeyHelper']
  return [
    ...(events.length === 0 ? [] : [`Hooks of ${name} do not run in the box: ${events.join(', ')}.`]),
    ...(plugins.length === 0
      ? []
      : [`Hooks of plugins that ${name} enables do not run in the box: ${namesOf(plugins)}.`]),
    ...(names.length + helper.length === 0
      ? []
      : [`The box does not take from ${name}: ${[...names, ...helper].join(', ')}.`]),
  ]
}

function keepVariables(env: unknown, facts: SettingsFacts, leave: (what: string) => void): unknown {
  if (!isObject(env)) return env
  const kept = { ...env }
  for (const [name, value] of scalars(env)) {
    const why = whyNot(name, String(value), facts)
    if (why === null) continue
    delete kept[name]
    leave(`env.${name}: ${why}`)
  }
  return kept
}

function whyNot(name: string, value: string, { isProxied, lendsOwn, has }: SettingsFacts): string | null {
  if (isOfLogin(name)) return lendsOwn ? null : 'a session logs in with what it is lent'
  if (isProxy(name) && isProxied) return 'the box has a way out of its own'
  if (OF_THE_BOX.has(name)) return 'the box has its own'
  const missing = pathsIn(name, value).find((path) => !has(path))
  return missing === undefined ? null : `the box has no ${missing}`
}

/** Absolute paths that a value consists of. */
function pathsIn(name: string, value: string): string[] {
  const words = name.endsWith('_OPTIONS') ? value.split(/[\s=]+/) : value.split(':')
  const paths = words.filter((word) => /^\/(?!\/)/.test(word))
  return name.endsWith('_OPTIONS') || value.startsWith('/') ? paths : []
}

function parseSettings(text: string | null): Json | null {
  try {
    const found: unknown = JSON.parse((text ?? '').replace(/^\uFEFF/, ''))
    return isObject(found) ? found : null
  } catch {
    return null
  }
}

function scalars(env: unknown): [string, string | number | boolean][] {
  return Object.entries(isObject(env) ? env : {}).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [[name, value]]
      : [],
  )
}

function isObject(it: unknown): it is Json {
  return typeof it === 'object' && it !== null && !Array.isArray(it)
}

function isCommand(it: unknown): it is Json & { command: string } {
  return isObject(it) && it['type'] === 'command' && typeof it['command'] === 'string'
}
