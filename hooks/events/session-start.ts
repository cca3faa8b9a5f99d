/** A conversation begins, or goes on. */
import { type TellingEvent, textField } from './types.ts'

export const sessionStart: TellingEvent = {
  does: 'tell',
  event: 'SessionStart',
  since: '2.0.44',
  toNews: (input) => textField('subject', input['source']),
}
