/** A prompt was given, at the keyboard or by a schedule. */
import { type TellingEvent, textField } from './types.ts'

export const userPromptSubmit: TellingEvent = {
  does: 'tell',
  event: 'UserPromptSubmit',
  since: '2.0.44',
  toNews: (input) => textField('text', input['prompt']),
}
