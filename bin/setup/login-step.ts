/** The first step of `rc setup`: how Claude logs in. */
import { gatewayUrl } from '../../container/options.ts'
import type { Config } from '../../setup/config/config.ts'
import type { Change } from '../../setup/config/file.ts'
import { type ChosenLogin, describeStored, toAllowedHost, toLoginChanges } from './login-changes.ts'
import type { Choice, Prompts } from './prompts.ts'
import { checkApiKey, checkGatewayToken, checkToken } from './secrets.ts'

/** Runs `claude setup-token` in this terminal; null where there is no claude. */
export type RunSetupToken = (() => Promise<void>) | null

type Kind = ChosenLogin['kind'] | 'keep'

const KINDS: Choice<Kind>[] = [
  {
    value: 'token',
    label: 'With a token of your Claude subscription',
    hint: 'from claude setup-token; best for a box',
  },
  { value: 'key', label: 'With an API key', hint: 'from the Anthropic console, billed by use' },
  { value: 'gateway', label: 'Through a gateway', hint: 'an address that answers like the Anthropic API' },
  { value: 'inside', label: 'By /login inside each session', hint: 'nothing is stored' },
]

/** Asks, and gives what is to be written. */
export async function askLogin(
  prompts: Prompts,
  config: Config,
  runSetupToken: RunSetupToken,
): Promise<Change[]> {
  const stored = describeStored(config)
  const keep: Choice<Kind>[] =
    stored === null ? [] : [{ value: 'keep', label: 'As now', hint: `with ${stored}` }]
  const kind = await prompts.choose(
    'How shall Claude log in?',
    [...keep, ...KINDS],
    stored === null ? 'token' : 'keep',
  )
  switch (kind) {
    case 'keep':
      return []
    case 'token':
      await explainToken(prompts, runSetupToken)
      return toLoginChanges(config, { kind, secret: await prompts.secret('Paste the token', checkToken) })
    case 'key':
      return toLoginChanges(config, { kind, secret: await prompts.secret('Paste the API key', checkApiKey) })
    case 'gateway':
      return await askGateway(prompts, config)
    case 'inside':
      prompts.say('Type /login in a new session. That login stays in it, and ends with it.')
      return toLoginChanges(config, { kind })
  }
}

async function explainToken(prompts: Prompts, runSetupToken: RunSetupToken): Promise<void> {
  if (runSetupToken === null) {
    prompts.say(
      'Run claude setup-token wherever you have Claude Code and a browser.\n' +
        'It prints a token that begins with sk-ant-oat.',
    )
  } else if (await prompts.confirm('Run claude setup-token here now? It prints the token.', true)) {
    await runSetupToken()
  }
}

async function askGateway(prompts: Prompts, config: Config): Promise<Change[]> {
  const baseUrl = await prompts.line('Where is it?', 'https://gateway.example.com', checkGateway)
  const secret = await prompts.secret('Paste its token', checkGatewayToken)
  const changes = toLoginChanges(config, { kind: 'gateway', baseUrl, secret })
  const host = toAllowedHost(baseUrl)
  const { mode, allowed_domains } = config.network
  if (mode !== 'allowlist' || allowed_domains.includes(host)) return changes
  const allow = `Sessions reach listed hosts only. Put ${host} on the list?`
  if (!(await prompts.confirm(allow, true))) return changes
  const path = ['network', 'allowed_domains']
  return [...changes, { path, add: host, to: allowed_domains }]
}

function checkGateway(text: string): string | null {
  if (!gatewayUrl.safeParse(text).success) {
    return 'Give an address such as https://gateway.example.com, without a user or query.'
  }
  return /^(localhost|127\..*|\[::1\])$/.test(new URL(text).hostname)
    ? 'Sessions know this machine as host.docker.internal: use that name.'
    : null
}
