/** How Claude logs in inside a session. Pure. */
import type { CredentialsOptions } from './options.ts'

export type Login = {
  /** Variables for Claude; secrets. */
  env: Record<string, string>
  /** Whether the host's own login file is lent instead. */
  usesFile: boolean
  /** What a person should know about it. */
  notice: string
}

/** Environment variables that Claude Code takes a login from, best first. */
const VARIABLES = ['CLAUDE_CODE_OAUTH_TOKEN', 'ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'] as const

/** Says where the API is, when it is not Anthropic's own: a login goes to the place it is meant for or nowhere. */
const GATEWAY = 'ANTHROPIC_BASE_URL'

type Variables = Record<string, string | undefined>

/**
 * The login: `claude.env` of the configuration, else its `credentials.anthropic`, else the file of `credentials.claude`,
 * else the shell's. Exactly one, so that Claude never has to choose.
 */
export function findLogin(
  credentials: Pick<CredentialsOptions, 'anthropic' | 'claude'>,
  { configured, shell }: { configured: Variables; shell: Variables },
): Login {
  const set = VARIABLES.find((name) => configured[name])
  if (set !== undefined) return toLogin({}, `Claude uses ${set} of claude.env.`)
  const { oauth_token, api_key, gateway } = credentials.anthropic
  if (oauth_token !== undefined) {
    return toLogin({ CLAUDE_CODE_OAUTH_TOKEN: oauth_token }, 'Claude uses the token of the configuration.')
  }
  if (api_key !== undefined) {
    return toLogin({ ANTHROPIC_API_KEY: api_key }, 'Claude uses the API key of the configuration.')
  }
  if (gateway !== undefined) {
    const env = { ANTHROPIC_AUTH_TOKEN: gateway.token, [GATEWAY]: gateway.base_url }
    return toLogin(env, `Claude uses the gateway ${new URL(gateway.base_url).host}; ${HAS_TO_LIST}`)
  }
  if (credentials.claude === 'file') {
    return {
      env: {},
      usesFile: true,
      notice:
        'Claude uses your own login, lent as a file: the session can read it and send it to whatever it can reach.',
    }
  }
  for (const name of VARIABLES) {
    const value = shell[name]
    if (value) return fromShell(name, value, shell[GATEWAY])
  }
  return toLogin({}, 'Claude has no login. Run `rc setup`, or log in with /login inside.')
}

const HAS_TO_LIST = 'network.allowed_domains has to list that host.'

function fromShell(name: string, value: string, gateway: string | undefined): Login {
  const notice = `Claude uses ${name} of your environment`
  if (!gateway) return toLogin({ [name]: value }, `${notice}.`)
  return toLogin({ [name]: value, [GATEWAY]: gateway }, `${notice}, at its ${GATEWAY}; ${HAS_TO_LIST}`)
}

function toLogin(env: Record<string, string>, notice: string): Login {
  return { env, usesFile: false, notice }
}
