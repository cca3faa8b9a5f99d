/**
 * The configuration of the project's predecessor named folders of the home that it mounted into containers. Nothing of
 * the home is mounted any more; what was wanted with it is done in other ways, and a person is told which. Pure.
 */

/** By name in `credentials`: what the setting is now, `undefined` for its default, and what that means. */
const MEANINGS: Readonly<Record<string, { now: unknown; means: string }>> = {
  anthropic: {
    now: undefined,
    means:
      'Claude logs in with what rc setup has stored, or with CLAUDE_CODE_OAUTH_TOKEN or ANTHROPIC_API_KEY of your shell.',
  },
  git: { now: true, means: 'your name and address for commits are copied into sessions, and nothing else.' },
  ssh: {
    now: undefined,
    means: 'your keys stay outside; where an ssh-agent runs, each signature is a question to you.',
  },
  claude: {
    now: undefined,
    means:
      'your settings, commands and agents are copied in at each start; "claude: file" lends the login as well.',
  },
}

/** A path, as the predecessor wrote it: of the home, or absolute. */
const PATH = /^(?:~|\$HOME|\/)/

/** The settings in today's words, and a sentence for each that was put into them. Anything else stays as it is. */
export function fromPredecessor(settings: Record<string, unknown>): {
  settings: Record<string, unknown>
  notes: string[]
} {
  const { credentials } = settings
  if (typeof credentials !== 'object' || credentials === null || Array.isArray(credentials))
    return { settings, notes: [] }
  const old = Object.entries(credentials).flatMap(([name, value]) => {
    const meaning = MEANINGS[name]
    return meaning !== undefined && typeof value === 'string' && PATH.test(value)
      ? [{ name, value, ...meaning }]
      : []
  })
  const today = Object.fromEntries(
    old.filter(({ now }) => now !== undefined).map(({ name, now }) => [name, now]),
  )
  const kept = Object.entries(credentials).filter(([name]) => !old.some((one) => one.name === name))
  return {
    settings: { ...settings, credentials: { ...Object.fromEntries(kept), ...today } },
    notes: old.map(
      ({ name, value, means }) =>
        `credentials.${name}: ${value} mounts nothing any more. It means now: ${means}`,
    ),
  }
}
