/** Claude has ended its turn and is idle: a question that a typed reply answers. */
import { type AskingEvent, contextOf, textOf } from './types.ts'

/** Claude keeps nobody waiting here, so there is never an output. */
export const stop: AskingEvent = {
  event: 'Stop',
  toQuestion(input) {
    return { kind: 'reply', context: contextOf(input), text: textOf(input['last_assistant_message']) ?? '' }
  },
  toOutput: () => ({}),
  isPlainYes: () => false,
}
