/** `--choice` on the command line, as the answers to Claude's questions. */

import { type Question, readQuestions, toChoice } from '../../server/claude/questions.ts'
import type { AskView } from '../../server/protocol.ts'
import { CommandError } from '../cli/errors.ts'

/**
 * Each question's answers together, as the page sends them. A single question needs no name; of several each is named by
 * its beginning. Throws for what the page cannot say.
 */
export function toChoices(ask: AskView, given: string[]): Record<string, string> {
  const questions = readQuestions(ask.input)
  const said = new Map<string, string[]>()
  for (const one of given) {
    const [name, value] = toPair(one, questions)
    said.set(name, [...(said.get(name) ?? []), value])
  }
  return Object.fromEntries(
    [...said].map(([name, values]) => {
      const question = questions.find(({ text }) => text === name)
      return [name, question === undefined ? values.join(', ') : joined(question, values)]
    }),
  )
}

function joined(question: Question, values: string[]): string {
  if (!question.isMultiple && values.length > 1) {
    throw new CommandError(
      'usage',
      `${JSON.stringify(question.text)} takes one answer, and got ${values.length}.`,
      'Give --choice once for it.',
    )
  }
  const labels = question.options.map(({ label }) => label)
  const chosen = labels.flatMap((label, at) => (values.includes(label) ? [at] : []))
  return toChoice(question, chosen, values.filter((value) => !labels.includes(value)).join(', '))
}

/** Questions may hold "=", and so may answers: the longest name that is the beginning of a question counts. */
function toPair(text: string, questions: Question[]): [string, string] {
  const [only, ...others] = questions
  if (only !== undefined && others.length === 0) {
    const named = `${only.text}=`
    return [only.text, text.startsWith(named) ? text.slice(named.length) : text]
  }
  const ends = [...text.matchAll(/=/g)].map(({ index }) => index).filter((index) => index > 0)
  for (const end of ends.toReversed()) {
    const name = text.slice(0, end)
    const whole = questions.filter((one) => one.text === name)
    const meant = whole.length > 0 ? whole : questions.filter((one) => one.text.startsWith(name))
    if (meant.length > 1) {
      throw new CommandError(
        'usage',
        `${JSON.stringify(name)} is the beginning of several questions.`,
        'Give more of the one you mean.',
      )
    }
    if (meant[0] !== undefined) return [meant[0].text, text.slice(end + 1)]
  }
  const first = ends[0]
  if (first !== undefined) return [text.slice(0, first), text.slice(first + 1)]
  throw new CommandError(
    'usage',
    `--choice ${JSON.stringify(text)} has no "=".`,
    'Give it as QUESTION=ANSWER.',
  )
}
