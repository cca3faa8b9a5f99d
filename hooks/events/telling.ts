/** Events that only tell the responder what happened. */
import { type HookInput, objectOf, type TellingEvent, textOf } from './types.ts'

export const preToolUse: TellingEvent = {
  event: 'PreToolUse',
  toNews: (input) => ({
    event: 'PreToolUse',
    ...text('tool', input['tool_name']),
    ...text('tool_use_id', input['tool_use_id']),
    input: objectOf(input['tool_input']),
  }),
}

export const notification: TellingEvent = {
  event: 'Notification',
  toNews: (input) => ({
    event: 'Notification',
    ...text('subject', input['notification_type']),
    ...text('text', input['message']),
  }),
}

export const userPromptSubmit: TellingEvent = {
  event: 'UserPromptSubmit',
  toNews: (input) => ({
    event: 'UserPromptSubmit',
    ...text('text', input['prompt']),
  }),
}

export const sessionStart: TellingEvent = {
  event: 'SessionStart',
  toNews: (input) => ({
    event: 'SessionStart',
    ...text('subject', input['source']),
  }),
}

export const sessionEnd: TellingEvent = {
  event: 'SessionEnd',
  toNews: (input) => ({
    event: 'SessionEnd',
    ...text('subject', input['reason']),
  }),
}

/** A turn that ended in an error: a usage limit, a login that has run out, a network that is away. */
export const stopFailure: TellingEvent = {
  event: 'StopFailure',
  toNews: (input) => ({
    event: 'StopFailure',
    ...text('subject', input['error']),
    ...text('text', textOf(input['error_details']) ?? input['last_assistant_message']),
  }),
}

function text<K extends string>(name: K, value: HookInput[string]): { [key in K]?: string } {
  const found = textOf(value)
  return (found === undefined ? {} : { [name]: found }) as { [key in K]?: string }
}
