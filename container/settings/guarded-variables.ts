/**
 * Variables that decide where Claude sends what it is lent, what answers in its place, and what every program of a
 * session loads. They stand in the managed settings, whose `env` outranks the shell's and that of every other settings
 * file, `--settings` included; an empty value counts as unset (seen on Claude Code 2.1.197 and 2.1.332). Pure.
 */

/** Who Claude is for its API, where that is, and which provider it is. */
const LOGIN = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'ANTHROPIC_BASE_URL',
  'ANTHROPIC_CUSTOM_HEADERS',
  // 2.1.197 reads it from other settings before the managed ones: there it can stop Claude, and send nothing elsewhere.
  'ANTHROPIC_UNIX_SOCKET',
  'ANTHROPIC_BEDROCK_BASE_URL',
  'ANTHROPIC_BEDROCK_MANTLE_BASE_URL',
  'ANTHROPIC_VERTEX_BASE_URL',
  'ANTHROPIC_FOUNDRY_BASE_URL',
  'ANTHROPIC_FOUNDRY_RESOURCE',
  'ANTHROPIC_FOUNDRY_API_KEY',
  'ANTHROPIC_AWS_BASE_URL',
  'ANTHROPIC_AWS_API_KEY',
  'ANTHROPIC_GOOGLE_CLOUD_BASE_URL',
  'AWS_BEARER_TOKEN_BEDROCK',
  'CLAUDE_CODE_API_BASE_URL',
  'CLAUDE_CODE_CUSTOM_OAUTH_URL',
  'CLAUDE_CODE_HOST_AUTH_ENV_VAR',
  'CLAUDE_CODE_HOST_CREDS_FILE',
  'CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST',
]

/** Each of them sends Claude to another provider than Anthropic. */
export const PROVIDERS = [
  'CLAUDE_CODE_USE_BEDROCK',
  'CLAUDE_CODE_USE_VERTEX',
  'CLAUDE_CODE_USE_FOUNDRY',
  'CLAUDE_CODE_USE_ANTHROPIC_AWS',
  'CLAUDE_CODE_USE_ANTHROPIC_GOOGLE_CLOUD',
  'CLAUDE_CODE_USE_MANTLE',
  'CLAUDE_CODE_USE_GATEWAY',
] as const

const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [
  name,
  name.toLowerCase(),
])

/** What Claude and the programs that it starts load or trust besides. */
const LOADED = [
  'NODE_OPTIONS',
  'NODE_TLS_REJECT_UNAUTHORIZED',
  'BUN_OPTIONS',
  'LD_PRELOAD',
  'LD_AUDIT',
  'BASH_ENV',
  'CLAUDE_CODE_ENABLE_TELEMETRY',
]

/** A folder that is not there ends Claude at once, and in a box no other one can be made. */
const FOLDERS = { TMPDIR: '/tmp', CLAUDE_CODE_TMPDIR: '/tmp' }

/** Whether a login or an address comes from this variable. */
export const isOfLogin = (name: string): boolean =>
  LOGIN.includes(name) || PROVIDERS.some((provider) => provider === name)

export const isProxy = (name: string): boolean => PROXIES.includes(name)

const GUARDED = [...LOGIN, ...PROVIDERS, ...PROXIES, ...LOADED, ...Object.keys(FOLDERS)]

export const isGuarded = (name: string): boolean => GUARDED.includes(name)

/** `env` of the managed settings: each guarded variable with the session's own value, or none. */
export function guardVariables(own: Readonly<Record<string, string>>): Record<string, string> {
  const defaults: Record<string, string> = FOLDERS
  return Object.fromEntries(GUARDED.map((name) => [name, own[name] ?? defaults[name] ?? '']))
}
