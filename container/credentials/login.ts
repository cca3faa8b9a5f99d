/** How Claude logs in inside a session. Pure. */

import type { CredentialsOptions } from '../options.ts'
import { isOfLogin, PROVIDERS } from '../settings/guarded-variables.ts'

export type Login = {
  /** Variables for Claude; secrets. */
  env: Record<string, string>
  /** Whether the host's own login file is lent instead. */
  usesFile: boolean
  /** Whether it is the one in the user's Claude settings. */
  usesSettings: boolean
  /** What a person should know about it. */
  notice: string
}

/** Environment variables that Claude Code takes a login from, best first. */
const VARIABLES = ['CLAUDE_CODE_OAUTH_TOKEN', 'ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'] as const

/** Says where the API is, when it is not Anthropic's own: a login goes to the place it is meant for or nowhere. */
const GATEWAY = 'ANTHROPIC_BASE_URL'

type Variables = Record<string, string | undefined>

/** Variables of `claude.env` that would log in beside the one that is used: two go out together (2.1.332). */
export function surplusLogins(configured: Variables): string[] {
  const used = loginIn(configured)
  return used === undefined ? [] : VARIABLES.filter((name) => name !== used && configured[name])
}

/** A provider's switch stands before any login of Anthropic's: Claude asks it first. */
function loginIn(variables: Variables): string | undefined {
  return [...PROVIDERS, ...VARIABLES].find((name) => variables[name])
}

type Sources = {
  /** `claude.env`. */
  configured: Variables
  shell: Variables
  /** `env` of the user's Claude settings. */
  settings?: Variables
}

/**
 * The login: `claude.env` of the configuration, else its `credentials.anthropic`, else the file of `credentials.claude`,
 * else the shell's, else that of the user's Claude settings. Exactly one, so that Claude never has to choose; the managed
 * settings keep every other one out.
 */
export function findLogin(
  credentials: Pick<CredentialsOptions, 'anthropic' | 'claude'>,
  sources: Sources,
): Login {
  const found = chooseLogin(credentials, sources)
  const hasOne =
    found.usesFile || Object.keys(found.env).length > 0 || loginIn(sources.configured) !== undefined
  if (!hasOne || !sources.configured[GATEWAY]) return found
  return {
    ...found,
    notice: `${found.notice.replace(/\.$/, '')}, at the ${GATEWAY} of claude.env; ${HAS_TO_LIST}`,
  }
}

function chooseLogin(
  credentials: Pick<CredentialsOptions, 'anthropic' | 'claude'>,
  { configured, shell, settings = {} }: Sources,
): Login {
  const set = loginIn(configured)
  if (set !== undefined) {
    const surplus = surplusLogins(configured)
    const rest = surplus.length === 0 ? '' : `, and not ${surplus.join(' or ')} beside it`
    return toLogin({}, `Claude uses ${set} of claude.env${rest}.`)
  }
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
      usesSettings: false,
      notice:
        'Claude uses your own login, lent as a file: the session can read it and send it to whatever it can reach.',
    }
  }
  for (const name of VARIABLES) {
    const value = shell[name]
    if (value) return fromShell(name, value, shell[GATEWAY])
  }
  const own = loginIn(settings)
  if (own !== undefined) {
    const env = Object.fromEntries(
      Object.entries(settings).flatMap(([name, value]) =>
        value !== undefined && isOfLogin(name) && (name === own || !isLogin(name)) ? [[name, value]] : [],
      ),
    )
    const notice = `Claude uses ${own} of your Claude settings`
    const at = env[GATEWAY] ? `, at their ${GATEWAY}; ${HAS_TO_LIST}` : '.'
    return { ...toLogin(env, `${notice}${at}`), usesSettings: true }
  }
  return toLogin({}, 'Claude has no login. Run `rc setup`, or log in with /login inside.')
}

const isLogin = (name: string): boolean => VARIABLES.some((one) => one === name)

const HAS_TO_LIST = 'network.allowed_domains has to list that host.'

function fromShell(name: string, value: string, gateway: string | undefined): Login {
  const notice = `Claude uses ${name} of your environment`
  if (!gateway) return toLogin({ [name]: value }, `${notice}.`)
  return toLogin({ [name]: value, [GATEWAY]: gateway }, `${notice}, at its ${GATEWAY}; ${HAS_TO_LIST}`)
}

function toLogin(env: Record<string, string>, notice: string): Login {
  return { env, usesFile: false, usesSettings: false, notice }
}
