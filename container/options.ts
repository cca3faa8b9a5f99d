/** The settings of the container room. Composed with the other rooms' slices into one configuration. */
import * as z from 'zod'

/** Version of Claude Code that images are built with unless the user says otherwise. */
export const DEFAULT_CLAUDE_VERSION = '2.1.332'

/** Hosts without which Claude Code 2.1.330 cannot answer or renew a login. */
export const CLAUDE_HOSTS = ['api.anthropic.com', 'platform.claude.com'] as const

const reference = z.string().regex(/^[a-z0-9][a-z0-9._/:@-]*$/, 'An image name such as debian:bookworm-slim.')

export const NETWORK_MODES = ['allowlist', 'none', 'bridge'] as const
export type NetworkMode = (typeof NETWORK_MODES)[number]

/** How a session gets at its doors: in a folder of this machine, or through a gate container. */
export const GATE_KINDS = ['folder', 'container'] as const

export type GateKind = (typeof GATE_KINDS)[number]

export const dockerOptions = z.strictObject({
  image: reference.default('remote-claude').describe('Name of the image that sessions run.'),
  base_image: reference
    .default('debian:bookworm-slim')
    .describe(
      'Debian or Ubuntu image that ours is built on. Made with debootstrap when no registry answers.',
    ),
  claude_version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'An exact version such as 2.1.332.')
    .default(DEFAULT_CLAUDE_VERSION)
    .describe('Exact version of Claude Code in the image.'),
})

export const networkOptions = z.strictObject({
  mode: z
    .enum(NETWORK_MODES)
    .default('allowlist')
    .describe('allowlist: only the allowed domains. none: nothing at all. bridge: everything, unguarded.'),
  ask: z
    .boolean()
    .default(false)
    .describe(
      'Whether an unlisted host is held and asked about (once, this session, always) instead of refused.',
    ),
  gate: z
    .enum(['auto', ...GATE_KINDS])
    .default('auto')
    .describe(
      'How sessions get at the responder: a folder of sockets, or a gate container where the engine cannot mount those.',
    ),
  allowed_domains: z
    .array(z.string().min(1))
    .default([...CLAUDE_HOSTS])
    .describe(
      'Hosts or groups that a session may reach: *.example.org, example.org:8443, github, npm, pypi …',
    ),
})

export const SSH_MODES = ['ask', 'agent', 'mount', 'none'] as const
export type SshMode = (typeof SSH_MODES)[number]

/** An address that a login may be sent to: no user, password or query in it, where secrets would hide. */
export const gatewayUrl = z.string().refine((text) => {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) return false
  return `${url.username}${url.password}${url.search}${url.hash}` === ''
}, 'An address such as https://gateway.example.com, without a user or query.')

export const credentialsOptions = z.strictObject({
  anthropic: z
    .strictObject({
      oauth_token: z.string().min(1).optional().describe('Token printed by `claude setup-token`.'),
      api_key: z.string().min(1).optional().describe('Key of the Anthropic API.'),
      gateway: z
        .strictObject({
          base_url: gatewayUrl.describe('Where the gateway is.'),
          token: z.string().min(1).describe('What it knows you by.'),
        })
        .optional()
        .describe('Another address that answers like the Anthropic API.'),
    })
    .prefault({})
    .describe('How Claude logs in. The first of them counts; without any, the variables of your shell.'),
  claude: z
    .enum(['none', 'file'])
    .default('none')
    .describe('file: lend sessions the login in ~/.claude/.credentials.json, which they can read and renew.'),
  git: z
    .boolean()
    .default(true)
    .describe(
      "Copy git's identity, aliases, rewrites, ignored files and signing into sessions, as they hold there.",
    ),
  ssh: z
    .enum(SSH_MODES)
    .optional()
    .describe(
      'ask: your ssh-agent signs when you say so. agent: it signs. mount: sessions get the key files. none. ' +
        'Without it: ask where an ssh-agent runs, else none.',
    ),
  github: z.boolean().default(false).describe('Lend sessions the login of gh, as GH_TOKEN.'),
})

const word = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'Letters, digits, - and _ only.')

export const tmuxOptions = z.strictObject({
  session_prefix: word.default('rc').describe('Begins the name of every tmux session of ours.'),
  socket_name: word.default('remote-claude').describe('Name of our own tmux server (tmux -L).'),
})

const size = z.string().regex(/^[1-9]\d*[kmg]$/, 'A size such as 512m or 4g.')

export const sandboxOptions = z.strictObject({
  memory: size.default('4g').describe('Memory of a session; no swap beyond it.'),
  cpus: z.number().positive().max(1024).default(2).describe('Processors a session may keep busy.'),
  pids: z.int().min(64).default(2048).describe('Processes and threads a session may have.'),
  tmp_size: size.default('2g').describe('Size of /tmp and of the home folder, each; both live in memory.'),
})

export const claudeOptions = z.strictObject({
  env: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'A name of letters, digits and _.'), z.string())
    .default({})
    .describe('Environment variables for Claude and its tools.'),
  args: z.array(z.string()).default([]).describe('Arguments that every start of Claude gets.'),
})

export type DockerOptions = z.infer<typeof dockerOptions>
export type NetworkOptions = z.infer<typeof networkOptions>
export type CredentialsOptions = z.infer<typeof credentialsOptions>
export type SandboxOptions = z.infer<typeof sandboxOptions>
export type ClaudeOptions = z.infer<typeof claudeOptions>

/** What sessions need of the configuration. */
export type SessionOptions = {
  docker: DockerOptions
  network: NetworkOptions
  credentials: CredentialsOptions
  sandbox: SandboxOptions
  claude: ClaudeOptions
}

/** Bytes of a size such as `512m`. */
export function toBytes(size: string): number {
  const unit = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[size.slice(-1)] ?? 1
  return Number.parseInt(size, 10) * unit
}
