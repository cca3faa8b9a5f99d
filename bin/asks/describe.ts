/** What is said about an ask, for tables and answers. */
import { describeTaken } from '../../server/asks/outcome-words.ts'
import type { AskView } from '../../server/protocol.ts'
import { toOneLine } from '../cli/text-width.ts'

/**
 * What it is about: the tool and the input that says most, as it was allowed, or the agent's words. Holds whatever the
 * agent wrote.
 */
export function whatOf({ kind, tool, input, text, changed }: AskView): string {
  const merged = changed === null ? input : { ...input, [changed.field]: changed.value }
  if (kind === 'permission') return `${tool ?? ''} ${telling(merged)}`.trim()
  const [first] = Array.isArray(input['questions']) ? input['questions'] : []
  const question =
    typeof first === 'object' && first !== null && 'question' in first ? first['question'] : null
  const words = typeof question === 'string' ? question : (text ?? telling(input))
  return `${kind}: ${words}`
}

/** Whether it waits, and if not, how it was answered. */
export function stateOf({ state, answer, changed, hook_end }: AskView): string {
  if (hook_end !== null) return `${state}: No, or the keyboard`
  if (state !== 'answered') return state
  return `answered: ${answer}${changed === null ? '' : ', as changed'}`
}

/** What came of an answer, and on a line of its own what it was given to: an id may have been mistyped. */
export function describeAnswered(ask: AskView): string {
  return `${ask.id}: ${toOneLine(describeTaken(ask))}\n    ${toOneLine(`${ask.session}  ${whatOf(ask)}`)}`
}

function telling(input: AskView['input']): string {
  const best = ['command', 'file_path', 'url', 'path', 'query', 'pattern', 'plan', 'description']
  const texts = [...best.map((key) => input[key]), ...Object.values(input)]
  return texts.find((value) => typeof value === 'string' && value !== '')?.toString() ?? ''
}
