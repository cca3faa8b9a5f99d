/** How Claude logs in inside a session. Pure. */
import type { CredentialsOptions } from './options.ts'

export type Login = {
  /** Variables for Claude; secrets. */
  env: Record<string, string>
  /** What a person should know about it. */
  notice: string
}

/** Environment variables that Claude Code takes a login from, best first. */
const VARIABLES = ['CLAUDE_CODE_OAUTH_TOKEN', 'ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'] as const

/** Says where the API is, when it is not Anthropic's own: a login goes to the place it is meant for or nowhere. */
const GATEWAY = 'ANTHROPIC_BASE_URL'

type Variables = Record<string, string | undefined>

/**
 * The login: `claude.env` of the configuration, else its `credentials.anthropic`, else the shell's. Exactly one, so that
 * Claude never has to choose.
 */
export function findLogin(
  { anthropic }: CredentialsOptions,
  { configured, shell }: { configured: Variables; shell: Variables },
): Login {
  const set = VARIABLES.find((name) => configured[name])
  if (set !== undefined) return { env: {}, notice: `Claude uses ${set} of claude.env.` }
  const { oauth_token, api_key } = anthropic
  if (oauth_token !== undefined) {
    return {
      env: { CLAUDE_CODE_OAUTH_TOKEN: oauth_token },
      notice: 'Claude uses the token of the configuration.',
    }
  }
  if (api_key !== undefined) {
    return { env: { ANTHROPIC_API_KEY: api_key }, notice: 'Claude uses the API key of the configuration.' }
  }
  for (const name of VARIABLES) {
    const value = shell[name]
    if (value) return fromShell(name, value, shell[GATEWAY])
  }
  return {
    env: {},
    notice:
      'Claude has no login. Run `claude setup-token` and put the token into credentials.anthropic.oauth_token, or log in with /login inside.',
  }
}

function fromShell(name: string, value: string, gateway: string | undefined): Login {
  const notice = `Claude uses ${name} of your environment`
  if (!gateway) return { env: { [name]: value }, notice: `${notice}.` }
  return {
    env: { [name]: value, [GATEWAY]: gateway },
    notice: `${notice}, at its ${GATEWAY}; network.allowed_domains has to list that host.`,
  }
}
