/** One line about an ask, for tables and answers. */
import type { AskView } from '../server/protocol.ts'

/** What it is about: the tool and the input that says most, or the agent's words. Holds whatever the agent wrote. */
export function whatOf({ kind, tool, input, text }: AskView): string {
  if (kind === 'permission') return `${tool ?? ''} ${telling(input)}`.trim()
  const [first] = Array.isArray(input['questions']) ? input['questions'] : []
  const question =
    typeof first === 'object' && first !== null && 'question' in first ? first['question'] : null
  const words = typeof question === 'string' ? question : (text ?? telling(input))
  return `${kind}: ${words}`
}

/** How it stands with it. */
export function resultOf({ state, result, result_reason, because, denied_by_timeout }: AskView): string {
  if (state === 'pending') return ''
  if (denied_by_timeout) return ['denied by timeout', result].filter(Boolean).join(', ')
  if (state !== 'answered') return because ?? ''
  if (result === null) return ''
  return result_reason === null ? result : `${result}: ${result_reason}`
}

/** Who ended it; empty while it waits and where nobody did. */
export function whoOf({ answered_by, device }: AskView): string {
  return [answered_by, device === null ? '' : `(${device})`].filter(Boolean).join(' ')
}

function telling(input: AskView['input']): string {
  const best = ['command', 'file_path', 'url', 'path', 'query', 'pattern', 'plan', 'description']
  const texts = [...best.map((key) => input[key]), ...Object.values(input)]
  return texts.find((value) => typeof value === 'string' && value !== '')?.toString() ?? ''
}
