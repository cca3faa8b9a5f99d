/** Every hook event we register. The settings block is derived from this list. */
export type HookRegistration = {
  event: string
  /**
   * The oldest version of Claude Code that was seen to take the event; 2.0.44 is the oldest one that was tried. In 2.1.77
   * an event that is not known voids the whole settings file, its rules too; 2.1.332 passes over it.
   */
  since: string
  /** File name of the compiled script, without its ending. */
  script: string
  /** Tools it is for; absent where the event has none. */
  matcher?: string
  /** Whether Claude's process stays until a person has answered. */
  waits: boolean
  /** Registered once for each permission rule, so that a call no rule is about starts no process. */
  perRule?: boolean
}

export const HOOK_EVENTS: readonly HookRegistration[] = [
  { event: 'PermissionRequest', since: '2.0.45', script: 'permission-request', matcher: '*', waits: true },
  { event: 'PreToolUse', since: '2.0.44', script: 'pre-tool-use', waits: false, perRule: true },
  { event: 'Elicitation', since: '2.1.75', script: 'elicitation', waits: true },
  { event: 'Notification', since: '2.0.44', script: 'notification', waits: false },
  { event: 'Stop', since: '2.0.44', script: 'stop', waits: false },
  { event: 'StopFailure', since: '2.1.78', script: 'stop-failure', waits: false },
  { event: 'UserPromptSubmit', since: '2.0.44', script: 'user-prompt-submit', waits: false },
  { event: 'SessionStart', since: '2.0.44', script: 'session-start', waits: false },
  { event: 'SessionEnd', since: '2.0.44', script: 'session-end', waits: false },
]
