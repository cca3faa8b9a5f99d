/**
 * An MCP server has a form to be filled in. Claude shows its own dialog only when the hook has ended without an answer
 * (2.1.197 and 2.1.330).
 */
import { type AskingEvent, objectOf, textOf } from './types.ts'

export const elicitation: AskingEvent = {
  does: 'ask',
  event: 'Elicitation',
  since: '2.1.75',

  toQuestion(input) {
    const url = textOf(input['url'])
    return {
      kind: 'form',
      input: {
        server: textOf(input['mcp_server_name']) ?? '',
        mode: textOf(input['mode']) ?? 'form',
        schema: objectOf(input['requested_schema']),
        ...(url !== undefined && { url }),
      },
      text: textOf(input['message']) ?? '',
    }
  },

  toOutput(_, decision) {
    return { hookSpecificOutput: { hookEventName: 'Elicitation', ...actionOf(decision) } }
  },

  isPlainYes: () => false,
}

type Decision = Parameters<AskingEvent['toOutput']>[1]

function actionOf(decision: Decision) {
  if (decision.behavior === 'allow') return { action: 'accept', content: decision.content ?? {} }
  return { action: decision.interrupt ? 'cancel' : 'decline' }
}
