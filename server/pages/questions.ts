/** AskUserQuestion's input, as far as it can be shown. */
import type { JsonObject } from '../protocol.ts'

export type Question = {
  text: string
  options: Array<{ label: string; description: string }>
  isMultiple: boolean
}

/** The questions in a tool input of any shape. */
export function readQuestions(input: JsonObject): Question[] {
  return objectsIn(input['questions']).map((one) => ({
    text: textOf(one['question']),
    isMultiple: one['multiSelect'] === true,
    options: objectsIn(one['options']).map((option) => ({
      label: textOf(option['label']),
      description: textOf(option['description']),
    })),
  }))
}

function objectsIn(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : []
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
