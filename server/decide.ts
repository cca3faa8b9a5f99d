/** Turns what a person said into what a hook prints. Pure; refuses an answer that does not fit its question. */
import type { Ask } from './ask.ts'
import { decideDeed, isDoorKind, lastingsOf } from './door-ask.ts'
import { problem } from './errors.ts'
import type { Answer, Decision } from './protocol.ts'
import { keysOf } from './screen-ask.ts'

/** The decision for an answer; null for a reply or a key, which go into the pane instead. Throws `answer-does-not-fit`. */
export function decide(ask: Ask, answer: Answer): Decision | null {
  if (ask.kind === 'reply') return decideReply(answer)
  if (ask.kind === 'dialog') return decidePress(ask, answer)
  if (isDoorKind(ask.kind)) {
    const decision = decideDeed(ask, answer)
    if (decision !== null) return decision
    throw misfit(`This is answered by deny, or by allow for: ${lastingsOf(ask).join(', ')}.`)
  }
  if (answer.for !== undefined) throw misfit(`How long it lasts cannot be chosen for a ${ask.kind}.`)
  switch (answer.answer) {
    case 'reply':
    case 'press':
      throw misfit(`A ${ask.kind} is answered by allow or deny, not by ${answer.answer}.`)
    case 'deny':
      return {
        behavior: 'deny',
        ...(answer.message && { message: answer.message }),
        ...(answer.stop && { interrupt: true }),
      }
    case 'always':
      if (ask.kind !== 'permission') throw misfit(`"Always" is for permissions; this is a ${ask.kind}.`)
      return { behavior: 'allow', ...permissionUpdate(ask, answer) }
    case 'allow':
      return allow(ask, answer)
  }
}

/** What "always" would stand for, in words for the page. */
export function alwaysMeans(ask: Ask): string {
  if (ask.suggestions.length > 0) return `Always: ${describeSuggestion(ask.suggestions[0] ?? {})}`
  if (ask.rules.length > 0)
    return `Always: calls that match ${ask.rules.join(' and ')}, until this session ends`
  return 'Always: exactly this call again, until this session ends'
}

/** The keys under which "always" is remembered at the desk. */
export function standingKeys(ask: Ask): string[] {
  return ask.rules.length > 0 ? ask.rules.map((rule) => `rule:${rule}`) : [`call:${ask.digest}`]
}

/** What may be pressed on a screen that we do not know, whatever it offers. */
export const PLAIN_KEYS = ['Escape', 'Enter', 'Up', 'Down', 'Left', 'Right', 'Tab', ...'123456789'] as const

function decidePress(ask: Ask, { answer, key = '' }: Answer): null {
  const offered: readonly string[] = keysOf(ask)
  const keys = ask.input['name'] === null ? [...offered, ...PLAIN_KEYS] : offered
  if (answer === 'press' && keys.includes(key)) return null
  throw misfit(`A dialog is answered by pressing one of its keys: ${keys.join(', ')}.`)
}

function decideReply(answer: Answer): null {
  if (answer.answer !== 'reply' || !answer.message?.trim()) {
    throw misfit('Claude is idle: the answer is a reply with a text.')
  }
  return null
}

function allow(ask: Ask, answer: Answer): Decision {
  if (ask.kind !== 'question') return { behavior: 'allow' }
  const questions = Array.isArray(ask.input['questions']) ? ask.input['questions'] : []
  const choices = answer.choices ?? {}
  for (const one of questions) {
    const text = typeof one === 'object' && one !== null && 'question' in one ? String(one['question']) : ''
    if (!choices[text]?.trim()) throw misfit(`The question "${text}" has no answer yet.`)
  }
  return { behavior: 'allow', choices }
}

function permissionUpdate(ask: Ask, answer: Answer): Partial<Extract<Decision, { behavior: 'allow' }>> {
  if (ask.suggestions.length === 0) return {}
  const chosen = ask.suggestions[answer.suggestion ?? 0]
  if (chosen === undefined) throw misfit(`There is no suggestion number ${answer.suggestion}.`)
  return { updated_permissions: [chosen] }
}

function describeSuggestion(suggestion: Record<string, unknown>): string {
  switch (suggestion['type']) {
    case 'addRules': {
      const rules = Array.isArray(suggestion['rules']) ? suggestion['rules'] : []
      return `no more questions about ${rules.map(describeRule).join(', ')}`
    }
    case 'setMode':
      return `switch this session to the mode ${String(suggestion['mode'])}`
    case 'addDirectories': {
      const folders = Array.isArray(suggestion['directories']) ? suggestion['directories'] : []
      return `access to ${folders.map(String).join(', ')}`
    }
    default:
      return JSON.stringify(suggestion)
  }
}

function describeRule(rule: unknown): string {
  if (typeof rule !== 'object' || rule === null) return String(rule)
  const { toolName, ruleContent } = rule as { toolName?: unknown; ruleContent?: unknown }
  return ruleContent === undefined ? String(toolName) : `${String(toolName)}(${String(ruleContent)})`
}

function misfit(why: string): Error {
  return problem('answer-does-not-fit', { why })
}
