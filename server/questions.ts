/** AskUserQuestion's input, as far as it can be shown. */
import type { JsonObject } from './protocol.ts'

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

/** Why the choices do not answer the questions, as a sentence; null when they do. Claude knows a question by its text. */
export function whyNotChoices(input: JsonObject, choices: Record<string, string>): string | null {
  const questions = readQuestions(input)
  const open = questions.find(({ text }) => !choices[text]?.trim())
  if (open !== undefined) return `The question "${onLine(open.text)}" has no answer yet.`
  const stranger = Object.keys(choices).find((text) => !questions.some((one) => one.text === text))
  return stranger === undefined ? null : `There is no question "${onLine(stranger)}".`
}

/** Line ends of an agent's would make sentences of ours. */
function onLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}

/**
 * One question's answer in Claude's own form: labels joined by a comma, as its dialog does (2.1.197 and 2.1.330). Of a
 * question with one choice, words of one's own take the place of the label.
 */
export function toChoice({ options, isMultiple }: Question, chosen: number[], words: string): string {
  const labels = chosen.flatMap((index) => options[index]?.label ?? [])
  const own = words.trim() === '' ? [] : [words.trim()]
  if (isMultiple) return [...labels, ...own].join(', ')
  return own[0] ?? labels[0] ?? ''
}
