/** Claude has ended its turn and is idle: a question that a typed reply answers. */
import { type AskingEvent, contextOf, objectOf, textOf } from './types.ts'

/** Claude keeps nobody waiting here, so there is never an output. */
export const stop: AskingEvent = {
  event: 'Stop',
  toQuestion(input) {
    const crons = Array.isArray(input['session_crons']) ? input['session_crons'] : []
    const schedules = crons.flatMap((one) => textOf(objectOf(one)['prompt']) ?? [])
    return {
      kind: 'reply',
      context: contextOf(input),
      text: textOf(input['last_assistant_message']) ?? '',
      // A schedule's prompt comes as if it had been typed (2.1.332): only its words tell.
      ...(schedules.length > 0 && { input: { schedules } }),
    }
  },
  toOutput: () => ({}),
  isPlainYes: () => false,
}
