/** How a chosen login is written into the configuration, so that it is the only one there. Pure. */
import type { Config } from '../../setup/config/config.ts'
import type { Change } from '../../setup/config/file.ts'

/** `inside`: nothing is stored, a person logs in in each session. */
export type ChosenLogin =
  | { kind: 'token'; secret: string }
  | { kind: 'key'; secret: string }
  | { kind: 'gateway'; baseUrl: string; secret: string }
  | { kind: 'inside' }

const SECTION = ['credentials', 'anthropic'] as const

/** The login itself, and the removal of the others. */
export function toLoginChanges({ credentials }: Config, login: ChosenLogin): Change[] {
  const [name, value] = settingOf(login)
  const { anthropic } = credentials
  const others = (['oauth_token', 'api_key', 'gateway'] as const).filter(
    (other) => other !== name && anthropic[other] !== undefined,
  )
  return [
    ...(name === null ? [] : [{ path: [...SECTION, name], value }]),
    ...others.map((other) => ({ path: [...SECTION, other], value: undefined })),
    ...(credentials.claude === 'file' ? [{ path: ['credentials', 'claude'], value: 'none' }] : []),
  ]
}

function settingOf(login: ChosenLogin) {
  switch (login.kind) {
    case 'token':
      return ['oauth_token', login.secret] as const
    case 'key':
      return ['api_key', login.secret] as const
    case 'gateway':
      return ['gateway', { base_url: login.baseUrl, token: login.secret }] as const
    case 'inside':
      return [null, null] as const
  }
}

/** The entry of `network.allowed_domains` for a gateway: with its port, so that it may be in a private network. */
export function toAllowedHost(baseUrl: string): string {
  const { hostname, port, protocol } = new URL(baseUrl)
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`
}

/** What is stored now, as a person would say it, or null. */
export function describeStored({ credentials: { anthropic, claude } }: Config): string | null {
  if (anthropic.oauth_token !== undefined) return 'the token of claude setup-token'
  if (anthropic.api_key !== undefined) return 'the API key'
  if (anthropic.gateway !== undefined) return `the gateway ${anthropic.gateway.base_url}`
  return claude === 'file' ? 'your own login, lent as a file' : null
}
