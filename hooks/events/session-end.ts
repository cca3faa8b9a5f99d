/** A conversation is over. */
import { type TellingEvent, textField } from './types.ts'

export const sessionEnd: TellingEvent = {
  does: 'tell',
  event: 'SessionEnd',
  since: '2.0.44',
  toNews: (input) => textField('subject', input['reason']),
}
