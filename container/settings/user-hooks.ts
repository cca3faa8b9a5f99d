/** Which of the user's own hooks can run in a box. Pure. */
import * as z from 'zod'
import { isOurs as isInstalled } from '../../hooks/install/command.ts'
import { type BoxFacts, bringCommand, shorten } from './user-commands.ts'

/** Those of Claude Code 2.1.332. One that an older Claude does not know it passes over (2.1.197). */
const EVENTS = new Set(
  `PreToolUse PostToolUse PostToolUseFailure PostToolBatch Notification UserPromptSubmit UserPromptExpansion SessionStart
  SessionEnd Stop StopFailure SubagentStart SubagentStop PreCompact PostCompact PreModelSwitch PostModelSwitch
  PermissionRequest PermissionDenied Setup TeammateIdle TaskCreated TaskCompleted Elicitation ElicitationResult
  ConfigChange WorktreeCreate WorktreeRemove InstructionsLoaded CwdChanged FileChanged DirectoryAdded
  MessageDisplay`.split(/\s+/),
)

const common = {
  if: z.string().optional(),
  timeout: z.number().positive().optional(),
  statusMessage: z.string().optional(),
  once: z.boolean().optional(),
}
const command = z.object({
  ...common,
  type: z.literal('command'),
  command: z.string().min(1),
  args: z.array(z.string()).optional(),
  shell: z.enum(['bash', 'powershell']).optional(),
  async: z.boolean().optional(),
  asyncRewake: z.boolean().optional(),
  onFailure: z.literal('block').optional().catch(undefined),
})
const asked = { ...common, prompt: z.string(), model: z.string().optional() }
/** What is not named here is dropped: one field of a wrong type, and 2.1.197 drops every managed hook, ours too. */
const handler = z.discriminatedUnion('type', [
  command,
  z.object({ ...asked, type: z.literal('prompt'), continueOnBlock: z.boolean().optional() }),
  z.object({ ...asked, type: z.literal('agent') }),
])
const matcher = z.object({ matcher: z.string().optional(), hooks: z.array(z.unknown()) })
const kindOf = z.looseObject({ type: z.string() })

type Matcher = { matcher?: string; hooks: Record<string, unknown>[] }
export type UserHooks = { hooks: Record<string, Matcher[]>; files: string[]; leftOut: string[] }

/** The user's own hooks as they stand in the managed settings of a box, with a sentence for each that does not. */
export function bringHooks(given: unknown, facts: BoxFacts): UserHooks {
  const hooks: Record<string, Matcher[]> = {}
  const files: string[] = []
  const leftOut: string[] = []
  const bring = (event: string, one: unknown): Record<string, unknown>[] => {
    const leave = (why: string, what = '') => {
      leftOut.push(`a hook for ${event}${what}: ${why}`)
      return []
    }
    const kind = kindOf.safeParse(one).data?.type
    if (kind === 'http' || kind === 'mcp_tool') return leave(`hooks of the type ${kind} do not come along`)
    const { data: found } = handler.safeParse(one)
    if (found === undefined) return leave('it is not written as Claude Code wants it')
    if (found.type !== 'command') return [found]
    if (isOurs(found)) return []
    const what = ` (${JSON.stringify(shorten([found.command, ...(found.args ?? [])].join(' ')))})`
    if (event === 'PermissionRequest') return leave('in a box only you answer', what)
    if (found.shell === 'powershell' && !facts.has('pwsh')) return leave('the box has no pwsh', what)
    const brought = bringCommand(found, facts)
    if ('why' in brought) return leave(brought.why, what)
    files.push(...brought.files)
    const { command: line, args } = brought
    return [{ ...found, command: line, ...(args !== undefined && { args }) }]
  }
  for (const [event, matchers] of entriesOf(given)) {
    if (!EVENTS.has(event)) continue
    for (const one of Array.isArray(matchers) ? matchers : [null]) {
      const { data: found } = matcher.safeParse(one)
      if (found === undefined) {
        leftOut.push(`a hook for ${event}: it is not written as Claude Code wants it`)
        continue
      }
      const kept = found.hooks.flatMap((each) => bring(event, each))
      if (kept.length === 0) continue
      hooks[event] ??= []
      hooks[event].push({ ...(found.matcher !== undefined && { matcher: found.matcher }), hooks: kept })
    }
  }
  return { hooks, files: [...new Set(files)], leftOut }
}

/** Events that a settings file has hooks for. */
export function hookedEvents(given: unknown): string[] {
  return entriesOf(given).flatMap(([event, matchers]) =>
    EVENTS.has(event) && Array.isArray(matchers) && matchers.length > 0 ? [event] : [],
  )
}

function entriesOf(given: unknown): [string, unknown][] {
  return typeof given === 'object' && given !== null && !Array.isArray(given) ? Object.entries(given) : []
}

/** Those that `rc hooks install` writes begin with the mark; a session's own run scripts from a folder of ours. */
function isOurs(handler: z.infer<typeof command>): boolean {
  const { command: line, args = [] } = handler
  return isInstalled(handler) || /remote-claude\/.*hooks/.test([line, ...args].join(' '))
}
