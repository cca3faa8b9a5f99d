/** Claude wants to run a tool, has a question, or a plan: one event for all three. */

import type { Decision, JsonObject } from '../../server/protocol.ts'
import { type AskingEvent, type HookInput, objectOf, textOf } from './types.ts'

export const permissionRequest: AskingEvent = {
  does: 'ask',
  event: 'PermissionRequest',
  since: '2.0.45',
  matcher: '*',

  toQuestion(input) {
    const tool = textOf(input['tool_name'])
    if (tool === undefined) return null
    const suggestions = Array.isArray(input['permission_suggestions']) ? input['permission_suggestions'] : []
    return {
      kind: kindOf(tool),
      tool,
      input: objectOf(input['tool_input']),
      suggestions: suggestions.map(objectOf),
    }
  },

  toOutput(input, decision) {
    return {
      hookSpecificOutput: { hookEventName: 'PermissionRequest', decision: toClaude(input, decision) },
    }
  },

  isPlainYes(input, decision) {
    return (
      kindOf(textOf(input['tool_name']) ?? '') === 'permission' && Object.keys(decision).join() === 'behavior'
    )
  },
}

function kindOf(tool: string): 'permission' | 'question' | 'plan' {
  if (tool === 'AskUserQuestion') return 'question'
  return tool === 'ExitPlanMode' ? 'plan' : 'permission'
}

/**
 * A bare allow answers neither a question nor, on 2.1.330, a plan: there the input goes back with it. On an ask that a
 * permission rule raised it is the other way round: an allow that carries an input, even the same one, is checked
 * against the rule again and the dialog stays (measured on 2.1.197 and 2.1.330).
 */
function toClaude(input: HookInput, decision: Decision): JsonObject {
  if (decision.behavior === 'deny') {
    const { behavior, message, interrupt } = decision
    return { behavior, ...(message !== undefined && { message }), ...(interrupt && { interrupt }) }
  }
  const updatedInput = inputFor(input, decision)
  return {
    behavior: 'allow',
    ...(updatedInput !== undefined && { updatedInput }),
    ...(decision.updated_permissions && { updatedPermissions: decision.updated_permissions }),
  }
}

function inputFor(
  input: HookInput,
  decision: Extract<Decision, { behavior: 'allow' }>,
): JsonObject | undefined {
  const given = objectOf(input['tool_input'])
  switch (kindOf(textOf(input['tool_name']) ?? '')) {
    case 'question':
      return {
        questions: given['questions'] ?? [],
        answers: decision.choices ?? {},
        ...annotationsFor(given['questions'], decision.choices ?? {}),
      }
    case 'plan':
      return decision.updated_input ?? given
    case 'permission':
      return decision.updated_input
  }
}

/** The preview of the option that was chosen goes along, as from Claude's own dialog (2.1.197 and 2.1.330). */
function annotationsFor(questions: unknown, choices: Record<string, string>): JsonObject {
  const previews = listOf(questions).flatMap((question): [string, JsonObject][] => {
    const text = textOf(question['question']) ?? ''
    const chosen = listOf(question['options']).find(({ label }) => label === choices[text])
    const preview = textOf(chosen?.['preview'])
    return preview === undefined ? [] : [[text, { preview }]]
  })
  return previews.length === 0 ? {} : { annotations: Object.fromEntries(previews) }
}

function listOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.map(objectOf) : []
}
