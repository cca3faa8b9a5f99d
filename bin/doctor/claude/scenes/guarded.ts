/** What the scenes in bypass mode share: Claude set up as our sessions are, with the recorder for every hook. */
import { permissionArgs } from '../../../../hooks/settings.ts'
import { recorderFor } from '../recorder.ts'

/** The arguments that a guarded session gets. */
export const GUARDED = permissionArgs('guarded')

/** The arguments of a session in which every prompt is asked about. */
export const MANUAL = permissionArgs('all')

/** A model's turn that runs one command. */
export const bash = (command: string) => ({ tools: [{ name: 'Bash', input: { command } }] })

/** Rules that ask, and a recorder for each event we register. */
export function guardedSettings(folder: string) {
  const here = { folder }
  return {
    permissions: { ask: ['Bash(touch *)', 'Write'] },
    hooks: {
      PermissionRequest: [
        recorderFor('PermissionRequest', { folder, matcher: 'Bash|AskUserQuestion|ExitPlanMode|WebFetch' }),
        recorderFor('PermissionRequest', { folder, matcher: 'Write', timeout: 2 }),
      ],
      PreToolUse: [recorderFor('PreToolUse', { folder, matcher: 'Bash', onlyFor: 'Bash(touch *)' })],
      Elicitation: [recorderFor('Elicitation', here)],
      Notification: [recorderFor('Notification', here)],
      Stop: [recorderFor('Stop', here)],
      UserPromptSubmit: [recorderFor('UserPromptSubmit', here)],
      SessionStart: [recorderFor('SessionStart', here)],
      SessionEnd: [recorderFor('SessionEnd', here)],
    },
  }
}
