/**
 * Finds the user's own permission rules in a tool call, on the host. Claude Code has matched them itself, more exactly
 * than can be done here. `findRules` finds rather one too many than one too few: a rule found in a changed input refuses
 * the change. What is found allows nothing; for that `isCertain` has to hold as well, which errs the other way.
 */
import type { JsonObject } from '../protocol.ts'

/** The rules among `rules` that `tool` with `input` may fall under, in their own order. */
export function findRules(rules: readonly string[], tool: string | null, input: JsonObject): string[] {
  if (tool === null) return []
  const command = tool === 'Bash' ? input['command'] : undefined
  return rules.filter((rule) => {
    const { tool: ruleTool, spec } = parseRule(rule)
    if (ruleTool === 'Bash' && typeof command === 'string' && spec !== null)
      return occursIn(spec, command) || occursIn(bare(spec), bare(command))
    if (ruleTool.includes('*')) return matches(ruleTool, tool)
    return family(ruleTool) === family(tool) || tool.startsWith(`${ruleTool}__`)
  })
}

/**
 * Whether the call falls under each of `rules`, which were found in it, for certain, and does nothing beside that. Such
 * a call says what a person sees who approves these rules; any other stands for itself only.
 */
export function isCertain(rules: readonly string[], tool: string | null, input: JsonObject): boolean {
  const command = tool === 'Bash' ? plainCommand(input) : ''
  if (rules.length === 0 || command === null) return false
  return rules.every((rule) => {
    const { tool: ruleTool, spec } = parseRule(rule)
    return ruleTool === tool && (spec === null || (tool === 'Bash' && matches(spec, command)))
  })
}

/** `Bash(git push *)` -> tool `Bash`, spec `git push *`; a bare `Bash` has no spec and means every call. */
function parseRule(rule: string): { tool: string; spec: string | null } {
  const open = rule.indexOf('(')
  if (open < 0 || !rule.endsWith(')')) return { tool: rule, spec: null }
  return { tool: rule.slice(0, open), spec: rule.slice(open + 1, -1) }
}

/** Fields of Bash that say nothing of what is done but the command itself. */
const PLAIN_FIELDS: ReadonlySet<string> = new Set(['command', 'description', 'timeout', 'run_in_background'])

/** One command and its words, some of them quoted: nothing that a shell joins, expands, substitutes or redirects. */
const PLAIN_WORD = String.raw`(?:[\w@%+=:,.\/~^\-]|'[^'\p{C}]*'|"[^"$\x60\\!\p{C}]*")+`
const PLAIN_COMMAND = new RegExp(`^${PLAIN_WORD}(?: ${PLAIN_WORD})*$`, 'u')
/** A regular expression needs memory for each letter, and nobody reads so long a command. */
const PLAIN_LENGTH = 10_000

function plainCommand(input: JsonObject): string | null {
  const { command } = input
  const isKnown = Object.keys(input).every((name) => PLAIN_FIELDS.has(name))
  return isKnown && typeof command === 'string' && isPlain(command) ? command : null
}

function isPlain(command: string): boolean {
  return command.length <= PLAIN_LENGTH && PLAIN_COMMAND.test(command)
}

/** Rules for Edit also govern the other tools that write files (Claude Code's documentation on permissions). */
function family(tool: string): string {
  return ['Edit', 'Write', 'MultiEdit', 'NotebookEdit'].includes(tool) ? 'Edit' : tool
}

/** What a shell makes of a text that hides its words behind quotes and spaces, near enough to find a rule in it. */
function bare(text: string): string {
  return text.replace(/['"\\]/g, '').replace(/\s+/g, ' ')
}

/**
 * Whether the rule is found where a word could begin. Only the first such place counts: from a later one there is less
 * left to find. Only of a plain command is it known where it ends.
 */
function occursIn(spec: string, command: string): boolean {
  const end = isPlain(command) ? '\0' : ''
  const text = command + end
  const parts = (spec.replace(/(\s+|:)?\*$/, '') + (spec.endsWith('*') ? '' : end)).split('*')
  const first = parts[0] ?? ''
  let at = text.indexOf(first)
  while (at >= 0 && !isWordStart(text, at)) at = text.indexOf(first, at + 1)
  return at >= 0 && endOf(parts, text, at) !== null
}

/** Whether the rule matches the whole of a plain command, as Claude does it. */
function matches(spec: string, command: string): boolean {
  const [first = '', ...rest] = spec.replace(/:\*$/, ' *').split('*')
  const last = rest.pop()
  if (last === undefined) return command === first
  if (!command.startsWith(first)) return false
  const at = endOf(rest, command, first.length)
  return at !== null && at <= command.length - last.length && command.endsWith(last)
}

/** Plain searching instead of a regular expression: a rule with many `*` must not take forever on a long command. */
function endOf(parts: string[], text: string, start: number): number | null {
  let at = start
  for (const part of parts) {
    const found = text.indexOf(part, at)
    if (found < 0) return null
    at = found + part.length
  }
  return at
}

function isWordStart(text: string, at: number): boolean {
  return at === 0 || !/[A-Za-z0-9_.-]/.test(text[at - 1] ?? '')
}
