/** A tool is about to run: which one, and on what. */
import { objectOf, type TellingEvent, textField } from './types.ts'

export const preToolUse: TellingEvent = {
  does: 'tell',
  event: 'PreToolUse',
  since: '2.0.44',
  perRule: true,
  toNews: (input) => ({
    ...textField('tool', input['tool_name']),
    ...textField('tool_use_id', input['tool_use_id']),
    input: objectOf(input['tool_input']),
  }),
}
