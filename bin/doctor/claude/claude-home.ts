/** A home in which Claude Code asks nothing at its first start, and a login that nobody has. */

const KEY = 'sk-ant-test-0123456789abcdefghijklmnop'

/** What Claude's environment needs to speak to a scripted model and to nobody else. */
export function claudeVariables(modelUrl: string): Record<string, string> {
  return {
    ANTHROPIC_BASE_URL: modelUrl,
    ANTHROPIC_API_KEY: KEY,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_ERROR_REPORTING: '1',
  }
}

/** `~/.claude.json` for a home whose `folders` are trusted. No `autoUpdates` in it: for that Claude rewrites its settings. */
export function firstRunState(folders: string[]) {
  const project = {
    allowedTools: [],
    hasTrustDialogAccepted: true,
    projectOnboardingSeenCount: 9,
    hasCompletedProjectOnboarding: true,
  }
  return {
    hasCompletedOnboarding: true,
    lastOnboardingVersion: '9.9.9',
    theme: 'dark',
    numStartups: 5,
    hasSeenTasksHint: true,
    customApiKeyResponses: { approved: [KEY.slice(-20)], rejected: [] },
    projects: Object.fromEntries(folders.map((folder) => [folder, project])),
  }
}
