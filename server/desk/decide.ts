/** Turns what a person said into what a hook prints. Pure; refuses an answer that does not fit its question. */

import { decideDeed, isDoorKind, lastingsOf } from '../asks/access-ask.ts'
import type { Ask } from '../asks/ask.ts'
import { keysOf, takesPlainKeys } from '../asks/screen-ask.ts'
import { editableOf, whyNotEdited } from '../claude/edit.ts'
import { whyNotContent } from '../claude/form-content.ts'
import { fieldsOf } from '../claude/form-fields.ts'
import { whyNotChoices } from '../claude/questions.ts'
import { problem } from '../errors.ts'
import { type Answer, type Decision, PLAIN_KEYS } from '../protocol.ts'

type Allow = Extract<Decision, { behavior: 'allow' }>

/**
 * The decision for an answer; null for a reply or a key, which go into the pane instead. `askRules` are the session's, which
 * Claude tries again on a changed input; null where nobody knows them. Throws `answer-does-not-fit`.
 */
export function decide(ask: Ask, answer: Answer, askRules: readonly string[] | null): Decision | null {
  if (ask.kind === 'reply') return decideReply(answer)
  if (ask.kind === 'dialog') return decidePress(ask, answer)
  if (ask.kind === 'test') return decideTest(answer)
  if (isDoorKind(ask.kind)) {
    const decision = decideDeed(ask, answer)
    if (decision !== null) return decision
    throw misfit(`This is answered by deny, or by allow for: ${lastingsOf(ask).join(', ')}.`)
  }
  refuseForeign(ask, answer)
  switch (answer.answer) {
    case 'reply':
    case 'press':
      throw misfit(`A ${ask.kind} is answered by allow or deny, not by ${answer.answer}.`)
    case 'deny':
      if (ask.kind === 'form' && answer.message)
        throw misfit('A form is declined without words: nobody would read them. Leave the message out.')
      return {
        behavior: 'deny',
        ...(answer.message && { message: answer.message }),
        ...(answer.stop && { interrupt: true }),
      }
    case 'always':
      if (ask.kind !== 'permission') throw misfit(`"Always" is for permissions; this is a ${ask.kind}.`)
      return { behavior: 'allow', ...permissionUpdate(ask, answer) }
    case 'allow':
      return { behavior: 'allow', ...allowed(ask, answer, askRules) }
  }
}

/** What belongs to another kind or another answer is no small matter: it would be lost without a word. */
function refuseForeign({ kind, suggestions }: Ask, given: Answer): void {
  const fits: Partial<Record<keyof Answer, boolean>> = {
    for: false,
    key: false,
    as_command: false,
    choices: kind === 'question' && given.answer === 'allow',
    content: kind === 'form' && given.answer === 'allow',
    mode: kind === 'plan' && given.answer === 'allow',
    input: kind === 'permission' && given.answer === 'allow',
    message: given.answer === 'deny',
    stop: given.answer === 'deny',
    suggestion: given.answer === 'always' && suggestions.length > 0,
    minutes: given.answer === 'always' && suggestions.length === 0,
    calls: given.answer === 'always' && suggestions.length === 0,
  }
  for (const [name, isFitting] of Object.entries(fits)) {
    if (given[name as keyof Answer] === undefined || isFitting) continue
    throw misfit(`"${name}" does not go with ${given.answer} for a ${kind}.`)
  }
}

function allowed(ask: Ask, answer: Answer, askRules: readonly string[] | null): Omit<Allow, 'behavior'> {
  switch (ask.kind) {
    case 'question': {
      const choices = answer.choices ?? {}
      const why = whyNotChoices(ask.input, choices)
      if (why !== null) throw misfit(why)
      return { choices }
    }
    case 'form': {
      const content = answer.content ?? {}
      const why = whyNotContent(fieldsOf(ask.input), content)
      if (why !== null) throw misfit(why)
      return { content }
    }
    case 'plan':
      if (answer.mode === undefined) return {}
      return { updated_permissions: [{ type: 'setMode', mode: answer.mode, destination: 'session' }] }
    default:
      return edited(ask, answer, askRules)
  }
}

function edited(ask: Ask, { input }: Answer, askRules: readonly string[] | null): Omit<Allow, 'behavior'> {
  if (input === undefined) return {}
  const why = whyNotEdited(ask, input, askRules)
  if (why !== null) throw misfit(why)
  const editable = editableOf(ask.tool, ask.input)
  return input[editable?.field ?? ''] === editable?.value ? {} : { updated_input: input }
}

function permissionUpdate(ask: Ask, { suggestion = 0 }: Answer): Omit<Allow, 'behavior'> {
  if (ask.suggestions.length === 0) return {}
  const chosen = ask.suggestions[suggestion]
  if (chosen === undefined) throw misfit(`There is no suggestion number ${suggestion}.`)
  return { updated_permissions: [chosen] }
}

function decidePress(ask: Ask, { answer, key = '' }: Answer): null {
  const offered: readonly string[] = keysOf(ask)
  const keys = takesPlainKeys(ask) ? [...offered, ...PLAIN_KEYS] : offered
  if (answer === 'press' && keys.includes(key)) return null
  throw misfit(`A dialog is answered by pressing one of its keys: ${keys.join(', ')}.`)
}

function decideTest({ answer }: Answer): Decision {
  if (answer === 'allow' || answer === 'deny') return { behavior: answer }
  throw misfit('A test is answered by allow or deny.')
}

function decideReply(answer: Answer): null {
  if (answer.answer !== 'reply' || !answer.message?.trim()) {
    throw misfit('Claude is idle: the answer is a reply with a text.')
  }
  return null
}

function misfit(why: string): Error {
  return problem('answer-does-not-fit', { why })
}
