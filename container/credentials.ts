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

/** The configuration's login, else the shell's; exactly one, so that Claude never has to choose. */
export function findLogin({ anthropic }: CredentialsOptions, env: Record<string, string | undefined>): Login {
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
    const value = env[name]
    if (value) return { env: { [name]: value }, notice: `Claude uses ${name} of your environment.` }
  }
  return {
    env: {},
    notice:
      'Claude has no login. Run `claude setup-token` and put the token into credentials.anthropic.oauth_token, or log in with /login inside.',
  }
}
