/**
 * Finds the user's own permission rules in a tool call, on the host. Claude Code has already matched them exactly; this
 * is only there to say what "always" stands for, and errs on one side: a rule found too many leads to asking again,
 * never to allowing. So a rule is tried at every place in the command where a word could begin.
 */
import type { JsonObject } from './protocol.ts'

/** The rules among `rules` that `tool` with `input` may fall under, in their own order. */
export function findRules(rules: readonly string[], tool: string | null, input: JsonObject): string[] {
  if (tool === null) return []
  return rules.filter((rule) => {
    const { tool: ruleTool, spec } = parseRule(rule)
    if (family(ruleTool) !== family(tool)) return false
    const command = input['command']
    if (spec === null || tool !== 'Bash' || typeof command !== 'string') return true
    return occursIn(spec, command)
  })
}

/** `Bash(git push *)` -> tool `Bash`, spec `git push *`; a bare `Bash` has no spec and means every call. */
export function parseRule(rule: string): { tool: string; spec: string | null } {
  const open = rule.indexOf('(')
  if (open < 0 || !rule.endsWith(')')) return { tool: rule, spec: null }
  return { tool: rule.slice(0, open), spec: rule.slice(open + 1, -1) }
}

/** Rules for Edit also govern the other tools that write files (Claude Code's documentation on permissions). */
function family(tool: string): string {
  return ['Edit', 'Write', 'MultiEdit', 'NotebookEdit'].includes(tool) ? 'Edit' : tool
}

/** Only the first place where the rule may begin counts: from a later one there is less left to find. */
function occursIn(spec: string, command: string): boolean {
  const parts = spec.replace(/(\s+|:)?\*$/, '').split('*')
  const first = parts[0] ?? ''
  let at = command.indexOf(first)
  while (at >= 0 && !isWordStart(command, at)) at = command.indexOf(first, at + 1)
  return at >= 0 && follows(parts, command, at)
}

/** Plain searching instead of a regular expression: a rule with many `*` must not take forever on a long command. */
function follows(parts: string[], command: string, start: number): boolean {
  let at = start
  for (const part of parts) {
    const found = command.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return true
}

function isWordStart(command: string, at: number): boolean {
  return at === 0 || !/[A-Za-z0-9_.-]/.test(command[at - 1] ?? '')
}
