/**
 * A throwaway copy of the user's house for the hostile program: their engine, image and limits; a home folder, secrets,
 * sessions and workspaces of its own. Nothing of the user's is in it.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { freemem, tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { execa } from 'execa'
import { toBytes } from '../../../container/options.ts'
import { type Config, configSchema } from '../../../setup/config/config.ts'
import { pathsFrom } from '../../../setup/paths.ts'
import type { House } from '../../house/house.ts'

export type EscapeWorld = Awaited<ReturnType<typeof createEscapeWorld>>

/** Makes the folders; nothing runs in them yet. */
export async function createEscapeWorld() {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'rc-escape-')))
  const home = join(root, 'home')
  const secret = randomBytes(8).toString('hex')
  const secretFiles = await writeHome(home, secret)
  await makeRepository(join(home, 'private'), home)
  await git(join(home, 'private'), home, 'worktree', 'add', '-q', '../aside')
  return {
    root,
    home,
    secret,
    secretFiles,
    socketPath: join(home, '.docker/run/docker.sock'),

    /** A project as people have them: a repository with a worktree, and settings for Claude. */
    async project(name: string): Promise<string> {
      const project = join(home, 'projects', name)
      await makeRepository(project, home)
      await git(project, home, 'worktree', 'add', '-q', `../trees-of-${name}/beside`)
      return project
    },

    /** The user's house with these folders. `listed` comes on top of what they allow. */
    house(house: House, { model, listed }: { model: number; listed: string[] }): House {
      return {
        ...house,
        paths: {
          ...pathsFrom({ XDG_STATE_HOME: join(root, 'state') }, { home, uid: process.getuid?.() ?? 0 }),
          cacheDir: house.paths.cacheDir,
        },
        config: configFor(house.config, {
          socketName: basename(root),
          secret,
          model: `host.docker.internal:${model}`,
          // A name that resolves to the host's own loopback.
          listed: [...listed, 'localhost'],
        }),
      }
    },

    remove: () => rm(root, { recursive: true, force: true }),
  }
}

type Own = { socketName: string; secret: string; model: string; listed: string[] }

/** The user's engine, image, limits and network; nothing that reaches their phone, their keys or their login. */
function configFor(config: Config, { socketName, secret, model, listed }: Own): Config {
  const { host } = config.responder
  return {
    ...configSchema.parse({}),
    docker: config.docker,
    sandbox: { ...config.sandbox, memory: safeMemory(config.sandbox.memory) },
    responder: { ...configSchema.parse({}).responder, host, port: 0 },
    notifications: { ...config.notifications, enabled: false },
    network: {
      ...config.network,
      mode: 'allowlist',
      // An unlisted host would be held for an answer.
      ask: false,
      allowed_domains: [...config.network.allowed_domains, model, ...listed],
    },
    credentials: {
      ...configSchema.parse({}).credentials,
      anthropic: { api_key: `sk-ant-escape-${secret}` },
      ssh: 'none',
    },
    claude: { args: [], env: { ANTHROPIC_BASE_URL: `http://${model}` } },
    tmux: { ...config.tmux, socket_name: socketName },
  }
}

/** The memory bomb takes all that a session may have. Where the machine has not got it, the limit is lowered for it. */
function safeMemory(memory: string): string {
  const safe = Math.floor(freemem() / 2 / 1024 ** 2)
  return toBytes(memory) <= safe * 1024 ** 2 ? memory : `${safe}m`
}

/** Gives the files that hold the secret. */
async function writeHome(home: string, secret: string): Promise<string[]> {
  const files = {
    '.ssh/id_ed25519': `-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}\n`,
    '.claude/.credentials.json': JSON.stringify({ secret }),
    '.claude/settings.json': JSON.stringify({ env: { CANARY: secret } }),
    '.claude/projects/-another/talk.jsonl': `${secret}\n`,
    // Whoever owns the files that come out of a box: root runs sessions as another user.
    '.gitconfig': `# ${secret}\n[user]\n\tname = Canary\n\temail = canary@example.org\n[safe]\n\tdirectory = *\n`,
    '.aws/credentials': `${secret}\n`,
    '.bash_history': `${secret}\n`,
    '.config/remote-claude/config.yaml': `# ${secret}\n`,
    '.docker/run/beside': `${secret}\n`,
  }
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(home, name)), { recursive: true })
    await writeFile(join(home, name), text)
  }
  return Object.keys(files).map((name) => join(home, name))
}

async function makeRepository(folder: string, home: string): Promise<void> {
  await mkdir(join(folder, '.claude'), { recursive: true })
  await writeFile(join(folder, '.claude/settings.json'), '{}\n')
  await writeFile(join(folder, '.mcp.json'), '{}\n')
  await mkdir(join(folder, 'notes'))
  await writeFile(join(folder, 'notes/x.md'), 'Be kind.\n')
  await git(folder, home, 'init', '-q', '-b', 'main')
  await git(folder, home, 'add', '.')
  await git(folder, home, 'commit', '-q', '-m', 'Begin')
}

/** Git as the owner of the throwaway home runs it. */
export async function git(folder: string, home: string, ...args: string[]): Promise<string> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' }
  const done = await execa('git', ['-C', folder, ...args], { env, extendEnv: false, timeout: 30_000 })
  return done.stdout
}
