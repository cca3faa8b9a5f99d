/** A turn has ended in an error: a usage limit, a login that has run out, a network that is away. */
import { type TellingEvent, textField, textOf } from './types.ts'

export const stopFailure: TellingEvent = {
  does: 'tell',
  event: 'StopFailure',
  since: '2.1.78',
  toNews: (input) => ({
    ...textField('subject', input['error']),
    ...textField('text', textOf(input['error_details']) ?? input['last_assistant_message']),
  }),
}
