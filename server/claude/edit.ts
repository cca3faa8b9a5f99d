/** Inputs that a person may change before allowing them. Pure. */
import type { Decision, JsonObject } from '../protocol.ts'
import { findRules } from './rules.ts'

/** The one field of a tool's input that may be changed. */
const EDITABLE: Record<string, string> = {
  Bash: 'command',
  Write: 'content',
  Edit: 'new_string',
  WebFetch: 'url',
}

/** Which field of this call a person may change, and what it holds; null where nothing may be changed. */
export function editableOf(tool: string | null, input: JsonObject): { field: string; value: string } | null {
  const field = EDITABLE[tool ?? '']
  const value = field === undefined ? undefined : input[field]
  return field === undefined || typeof value !== 'string' ? null : { field, value }
}

/** The input with that field changed and everything else as it was asked. Null for what may not be changed. */
export function withEdit(tool: string | null, input: JsonObject, value: string): JsonObject | null {
  const editable = editableOf(tool, input)
  return editable === null ? null : { ...input, [editable.field]: value }
}

/** The field that was changed and what it holds now; null where the call was decided as it was asked. */
export function changeOf(
  tool: string | null,
  decision: Decision | null,
): { field: string; value: string } | null {
  if (decision?.behavior !== 'allow' || decision.updated_input === undefined) return null
  return editableOf(tool, decision.updated_input)
}

type Asked = { tool: string | null; input: JsonObject; suggestions: readonly JsonObject[] }

/**
 * Why a changed input cannot be allowed, as a sentence; null when it can. A rule of the user's is tried again on what
 * was changed, and when it matches, Claude's dialog stays as if nothing had been said (2.1.197 and 2.1.330). What a rule
 * asks comes without suggestions, so where the rules are not known (null), only those calls may be changed that have some.
 */
export function whyNotEdited(
  { tool, input, suggestions }: Asked,
  edited: JsonObject,
  askRules: readonly string[] | null,
): string | null {
  const editable = editableOf(tool, input)
  if (editable === null) return `The input of ${tool ?? 'this'} cannot be changed here.`
  const value = edited[editable.field]
  if (typeof value !== 'string' || value.trim() === '') return `The changed ${editable.field} is empty.`
  const expected = JSON.stringify(withEdit(tool, input, value))
  if (expected !== JSON.stringify(edited)) return `Only the ${editable.field} can be changed.`
  if (value === editable.value) return null
  if (askRules === null) {
    if (suggestions.length > 0) return null
    return `Claude asks this because of a rule that is not known here, and would ask again at the keyboard if the changed ${editable.field} fell under it, too. ${INSTEAD}`
  }
  const [rule] = findRules(askRules, tool, edited)
  if (rule === undefined) return null
  return `The changed ${editable.field} still falls under your rule ${rule}, so Claude would ask again at the keyboard. ${INSTEAD}`
}

const INSTEAD = 'Allow it as it is, or say No with a message.'
