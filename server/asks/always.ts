/** What "always" would stand for, in words: Claude's own suggestions, or an approval that stands at the desk. Pure. */

import type { Answer, JsonObject } from '../protocol.ts'
import type { Ask } from './ask.ts'
import { describeWhat } from './standing-scope.ts'

/** One thing that "always" can mean. `value` is how a form says it. */
export type Always = { value: string; label: string }

type Asked = Pick<Ask, 'kind' | 'suggestions' | 'rules' | 'tool' | 'input'>

/** Every "always" that fits this ask, in Claude's order. */
export function alwaysOf(ask: Asked): Always[] {
  if (ask.kind !== 'permission') return []
  if (ask.suggestions.length > 0) {
    return ask.suggestions.map((one, index) => ({
      value: `always suggestion ${index}`,
      label: `Yes, and ${describeSuggestion(one)}`,
    }))
  }
  return [
    { value: 'always', label: describeAlways(ask, {}) },
    { value: 'always minutes 30', label: describeAlways(ask, { minutes: 30 }) },
    { value: 'always calls 10', label: describeAlways(ask, { calls: 10 }) },
  ]
}

/** What this "always" means, in the words that were on its button; null for any other answer. */
export function describeSaid(ask: Asked, given: Answer): string | null {
  if (given.answer !== 'always' || ask.kind !== 'permission') return null
  if (ask.suggestions.length > 0) return alwaysOf(ask)[given.suggestion ?? 0]?.label ?? null
  return describeAlways(ask, given)
}

function describeAlways(ask: Asked, { minutes, calls }: Pick<Answer, 'minutes' | 'calls'>): string {
  const time = minutes === undefined ? 'until this session ends' : `for ${minutes} minutes`
  const often = calls === undefined ? '' : `, ${calls} ${calls === 1 ? 'call' : 'calls'} at most`
  return `Yes to ${describeWhat(ask)}, ${time}${often}`
}

/** A permission update as Claude sends it, in words (2.1.197 and 2.1.330). */
function describeSuggestion(suggestion: JsonObject): string {
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
