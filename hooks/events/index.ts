/** Every hook event we register. The settings block is derived from this list. */
export type HookRegistration = {
  event: string
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
  { event: 'PermissionRequest', script: 'permission-request', matcher: '*', waits: true },
  { event: 'PreToolUse', script: 'pre-tool-use', waits: false, perRule: true },
  { event: 'Elicitation', script: 'elicitation', waits: true },
  { event: 'Notification', script: 'notification', waits: false },
  { event: 'Stop', script: 'stop', waits: false },
  { event: 'StopFailure', script: 'stop-failure', waits: false },
  { event: 'UserPromptSubmit', script: 'user-prompt-submit', waits: false },
  { event: 'SessionStart', script: 'session-start', waits: false },
  { event: 'SessionEnd', script: 'session-end', waits: false },
]
