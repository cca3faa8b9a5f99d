/** What keeps a Claude Code that is only started to be looked at from speaking to anybody, and from using a login. */
import { createServer, type Server } from 'node:net'

/** No login of anybody's. */
const KEY = 'sk-ant-none-0123456789abcdefghijklmnopqrst'

/** Claude's own, and what would lead it elsewhere; where its settings stand is the user's to say. */
const DROPPED = /^(?:CLAUDE|ANTHROPIC_|AWS_|OTEL_|AI_AGENT$|TMUX|(?:HTTPS?|ALL|NO)_PROXY$)/i
const KEPT = new Set(['CLAUDE_CONFIG_DIR'])

export type Nowhere = {
  /** Variables that send whatever it wants to say to a port of this machine, where every connection is closed. */
  variables: Record<string, string>
  close(): Promise<void>
}

/** The port is ours as long as this stands, so that nobody else listens there. */
export async function openNowhere(): Promise<Nowhere> {
  const server = createServer((socket) => socket.destroy())
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(0, '127.0.0.1', resolve)
  await promise
  return {
    variables: variablesFor(`http://127.0.0.1:${portOf(server)}`),
    close: () => new Promise((closed) => void server.close(() => closed())),
  }
}

/** What Claude (2.1.113 to 2.1.332) reads of its environment and of `env` in its settings on its way out. */
export function variablesFor(url: string): Record<string, string> {
  return {
    HTTP_PROXY: url,
    http_proxy: url,
    HTTPS_PROXY: url,
    https_proxy: url,
    ALL_PROXY: url,
    all_proxy: url,
    NO_PROXY: '',
    no_proxy: '',
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: KEY,
    ANTHROPIC_AUTH_TOKEN: '',
    ANTHROPIC_CUSTOM_HEADERS: '',
    CLAUDE_CODE_OAUTH_TOKEN: '',
    CLAUDE_CODE_USE_BEDROCK: '',
    CLAUDE_CODE_USE_VERTEX: '',
    CLAUDE_CODE_USE_FOUNDRY: '',
    CLAUDE_CODE_ENABLE_TELEMETRY: '',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_ERROR_REPORTING: '1',
  }
}

/** The environment of a terminal, without what an outer Claude or a login has left in it. */
export function withoutClaude(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => KEPT.has(name) || !DROPPED.test(name)))
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the port has no number')
  return address.port
}
