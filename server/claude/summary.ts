/** What a tool call is about, in one text. */
import type { JsonObject } from '../protocol.ts'
import { readQuestions } from './questions.ts'

/** A tool call in one readable text. */
export function summary(tool: string | null, input: JsonObject): string {
  const named = (name: string) => (typeof input[name] === 'string' ? input[name] : null)
  switch (tool) {
    case 'Bash':
      return named('command') ?? JSON.stringify(input)
    case 'Write':
    case 'Edit':
    case 'MultiEdit':
    case 'Read':
      return named('file_path') ?? JSON.stringify(input)
    case 'NotebookEdit':
      return named('notebook_path') ?? JSON.stringify(input)
    case 'WebFetch':
      return named('url') ?? JSON.stringify(input)
    case 'ExitPlanMode':
      return named('plan') ?? 'a plan without a text'
    case 'AskUserQuestion':
      return (
        readQuestions(input)
          .map(({ text }) => text)
          .join('\n') || JSON.stringify(input)
      )
    default:
      return JSON.stringify(input)
  }
}
