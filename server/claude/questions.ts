/** AskUserQuestion's input, as far as it can be shown. */
import type { JsonObject } from '../protocol.ts'

export type Question = {
  text: string
  /** Claude's own short name for it, shown beside the question. */
  header: string
  options: QuestionOption[]
  isMultiple: boolean
}

/** `preview` is what the option would look like: Claude's dialog shows it beside the options (2.1.197 and 2.1.330). */
export type QuestionOption = { label: string; description: string; preview: string }

/** The questions in a tool input of any shape. */
export function readQuestions(input: JsonObject): Question[] {
  return objectsIn(input['questions']).map((one) => ({
    text: textOf(one['question']),
    header: textOf(one['header']),
    isMultiple: one['multiSelect'] === true,
    options: objectsIn(one['options']).map((option) => ({
      label: textOf(option['label']),
      description: textOf(option['description']),
      preview: textOf(option['preview']),
    })),
  }))
}

/** What the input holds beyond what `readQuestions` gives, by its place in it; null when that is all. */
export function furtherInput({ questions, ...rest }: JsonObject): JsonObject | null {
  const further = Object.entries({ ...rest, ...inList('questions', questions, restOfQuestion) })
  return further.length === 0 ? null : (Object.fromEntries(further) as JsonObject)
}

type Rest = Record<string, unknown>

function restOfQuestion({ options, ...question }: Rest): Rest {
  const { multiSelect, ...rest } = withoutTexts(question, ['question', 'header'])
  return {
    ...rest,
    ...(multiSelect !== undefined && typeof multiSelect !== 'boolean' && { multiSelect }),
    ...inList('options', options, (option) => withoutTexts(option, ['label', 'description', 'preview'])),
  }
}

/** A list whose entries are shown, entry by entry; anything else as it is. */
function inList(name: string, value: unknown, restOf: (entry: Rest) => Rest): Rest {
  if (value === undefined) return {}
  if (!Array.isArray(value) || objectsIn(value).length !== value.length) return { [name]: value }
  return Object.fromEntries(
    value.flatMap((entry, at) => {
      const rest = restOf(entry)
      return Object.keys(rest).length === 0 ? [] : [[`${name}[${at}]`, rest]]
    }),
  )
}

function withoutTexts(object: Rest, names: string[]): Rest {
  return Object.fromEntries(
    Object.entries(object).filter(([name, value]) => !(names.includes(name) && typeof value === 'string')),
  )
}

function objectsIn(value: unknown): Rest[] {
  return Array.isArray(value)
    ? value.filter((one) => typeof one === 'object' && one !== null && !Array.isArray(one))
    : []
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
