/** What "always" would stand for, in words: Claude's own suggestions, or an approval that stands at the desk. Pure. */
import type { Ask } from './ask.ts'
import type { JsonObject } from './protocol.ts'

/** One thing that "always" can mean. `value` is how a form says it. */
export type Always = { value: string; label: string }

/** Every "always" that fits this ask, in Claude's order. */
export function alwaysOf(ask: Pick<Ask, 'kind' | 'suggestions' | 'rules'>): Always[] {
  if (ask.kind !== 'permission') return []
  if (ask.suggestions.length > 0) {
    return ask.suggestions.map((one, index) => ({
      value: `always suggestion ${index}`,
      label: `Yes, and ${describeSuggestion(one)}`,
    }))
  }
  const what = ask.rules.length > 0 ? `whatever matches ${ask.rules.join(' and ')}` : 'exactly this call'
  return [
    { value: 'always', label: `Yes to ${what}, until this session ends` },
    { value: 'always minutes 30', label: `Yes to ${what}, for 30 minutes` },
    { value: 'always calls 10', label: `Yes to ${what}, ten times` },
  ]
}

/** The keys under which "always" is remembered at the desk. */
export function standingKeys(ask: Pick<Ask, 'rules' | 'digest'>): string[] {
  return ask.rules.length > 0 ? ask.rules.map((rule) => `rule:${rule}`) : [`call:${ask.digest}`]
}

/** A permission update as Claude sends it, in words (2.1.197 and 2.1.330). */
export function describeSuggestion(suggestion: JsonObject): string {
  switch (suggestion['type']) {
    case 'addRules': {
      const rules = Array.isArray(suggestion['rules']) ? suggestion['rules'] : []
      return `ask no more about ${rules.map(describeRule).join(', ')} ${whereOf(suggestion)}`
    }
    case 'setMode':
      return `switch to the mode ${String(suggestion['mode'])} ${whereOf(suggestion)}`
    case 'addDirectories': {
      const folders = Array.isArray(suggestion['directories']) ? suggestion['directories'] : []
      return `give access to ${folders.map(String).join(', ')} ${whereOf(suggestion)}`
    }
    default:
      return JSON.stringify(suggestion)
  }
}

const WHERE: Record<string, string> = {
  session: 'in this session',
  localSettings: 'in this project, for good',
  projectSettings: 'in this project, for everybody who works on it',
  userSettings: 'in all projects, for good',
}

function whereOf({ destination }: JsonObject): string {
  return WHERE[String(destination)] ?? `(${String(destination)})`
}

function describeRule(rule: unknown): string {
  if (typeof rule !== 'object' || rule === null) return String(rule)
  const { toolName, ruleContent } = rule as { toolName?: unknown; ruleContent?: unknown }
  return ruleContent === undefined ? String(toolName) : `${String(toolName)}(${String(ruleContent)})`
}
