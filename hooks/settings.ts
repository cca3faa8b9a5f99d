/** Claude Code settings that raise its own dialogs for the user's rules and bring them to us. Pure. */
import { deadlines } from '../server/protocol.ts'
import { HOOK_EVENTS, scriptOf } from './events/index.ts'
import type { HookEvent } from './events/types.ts'
import type { ApprovalsOptions } from './options.ts'

/** Where the hook scripts find what they need, as paths that Claude sees. `runner` is what a script is started with. */
export type HookPlaces = { runner: readonly string[]; hooksDir: string; gate: string; log: string }

type Handler = { type: 'command'; command: string; args: string[]; timeout: number; if?: string }
type Matcher = { matcher?: string; hooks: Handler[] }
export type ClaudeSettings = {
  allowManagedHooksOnly: true
  apiKeyHelper: ''
  pluginConfigs: object
  permissions: { ask: string[]; deny: string[] }
  hooks: Record<string, Matcher[]>
}

/** Seconds after which Claude ends a hook that only tells. Such a hook gives up much sooner by itself. */
const TELLING_TIMEOUT = 10

/** Mods are modules of plugins that can type for the user and end a turn; Claude Code's own guard for them (2.1.332). */
const MODS_GUARD = {
  'cc-plugin-sec-default@builtin': { options: { allowManagedModsOnly: true } },
}

/**
 * Settings for the managed scope, which nothing in the container can change or switch off (Claude Code 2.1.330:
 * `disableAllHooks` in any other scope leaves managed hooks running, and managed rules outrank the user's). Without
 * `allowManagedHooksOnly` a hook in any other settings could answer our questions: beside ours on 2.1.197, and once ours
 * is killed on 2.1.332. An empty `apiKeyHelper` keeps another one from putting its key beside the login.
 */
export function managedSettings(options: Places, events = HOOK_EVENTS): ClaudeSettings {
  const { approvals } = options
  const ask = askRules(approvals)
  const rules = [...ask, ...approvals.deny]
  return {
    allowManagedHooksOnly: true,
    apiKeyHelper: '',
    pluginConfigs: MODS_GUARD,
    permissions: { ask, deny: [...approvals.deny] },
    hooks: Object.fromEntries(
      events
        .map((hook) => [hook.event, matchersOf(hook, options, rules)] as const)
        .filter(([, matchers]) => matchers.length > 0),
    ),
  }
}

/** The rules that Claude is told to ask for; in the other modes there are none. */
export function askRules({ mode, ask }: ApprovalsOptions): string[] {
  return mode === 'guarded' ? [...ask] : []
}

/** The arguments that put Claude into the mode. Given always: the newest Claude's own default decides by itself. */
export function permissionArgs(mode: ApprovalsOptions['mode']): string[] {
  // `default` is the name that both 2.1.197 and 2.1.330 take for the manual mode.
  return mode === 'all' ? ['--permission-mode', 'default'] : ['--dangerously-skip-permissions']
}

type Places = HookPlaces & { approvals: ApprovalsOptions }

function matchersOf(hook: HookEvent, places: Places, rules: readonly string[]): Matcher[] {
  if (!hook.perRule) {
    return [{ ...(hook.matcher !== undefined && { matcher: hook.matcher }), hooks: [handler(hook, places)] }]
  }
  const byTool = Map.groupBy(rules, (rule) => rule.replace(/\(.*/s, ''))
  return [...byTool].map(([tool, own]) => ({
    // Rules have wildcards for the tools of MCP servers, matchers are regular expressions.
    matcher: tool.replaceAll('*', '.*'),
    hooks: own.map((rule) => ({ ...handler(hook, places), if: rule })),
  }))
}

/** The exec form, with `args`: no shell stands between Claude and the script, and no quoting can go wrong. */
function handler(hook: HookEvent, { runner, hooksDir, gate, log, approvals }: Places): Handler {
  const [command = '', ...before] = runner
  const script = scriptArguments(hook, { hooksDir, door: ['--gate', gate], log, seconds: approvals.timeout })
  return {
    type: 'command',
    command,
    args: [...before, ...script],
    timeout: timeoutOf(hook, approvals.timeout),
  }
}

type ScriptPlaces = { hooksDir: string; door: readonly string[]; log: string; seconds: number }

/** A hook's script and what it is told; `seconds` is how long an ask may wait. */
export function scriptArguments(hook: HookEvent, { hooksDir, door, log, seconds }: ScriptPlaces): string[] {
  const args = [`${hooksDir}/${scriptOf(hook)}.cjs`, ...door, '--log', log]
  return hook.does === 'ask' ? [...args, '--give-up-ms', String(deadlines(seconds).clientMs)] : args
}

/** After how many seconds Claude ends the hook. */
export function timeoutOf({ does }: HookEvent, seconds: number): number {
  return does === 'ask' ? deadlines(seconds).hookTimeoutSeconds : TELLING_TIMEOUT
}
