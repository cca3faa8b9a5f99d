/** Claude has something to say: an agent that is done, a limit that is near. */
import { type TellingEvent, textField } from './types.ts'

export const notification: TellingEvent = {
  does: 'tell',
  event: 'Notification',
  since: '2.0.44',
  toNews: (input) => ({
    ...textField('subject', input['notification_type']),
    ...textField('text', input['message']),
  }),
}
