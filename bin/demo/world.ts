/** The demo's own small world: a project to push from, a configuration and a state folder that are thrown away. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { execa } from 'execa'
import { configSchema } from '../../setup/config/config.ts'
import { pathsFrom } from '../../setup/paths.ts'
import type { House } from '../house/house.ts'

export type DemoWorld = {
  house: House
  project: string
  /** The commit that `origin` has, or null. */
  pushed(): Promise<string | null>
  remove(): Promise<void>
}

/** The prompt is the name of the script, too. */
export const DEMO_PROMPT = 'Publish the demo: push it to origin.'
export const DEMO_COMMAND = 'git push origin main'

/** A copy of the user's house with folders, names and a model of its own. The image is shared. */
export async function createDemoWorld(house: House, modelPort: number): Promise<DemoWorld> {
  const root = await mkdtemp(join(tmpdir(), 'rc-demo-'))
  const project = join(root, 'demo')
  const origin = join(project, 'origin.git')
  await mkdir(project)
  const git = (...args: string[]) => execa('git', ['-C', project, ...IDENTITY, ...args])
  await git('init', '-q', '-b', 'main')
  await git('init', '-q', '--bare', origin)
  await git('remote', 'add', 'origin', origin)
  await writeFile(join(project, '.gitignore'), 'origin.git\n')
  await writeFile(join(project, 'README.md'), '# A project to try Remote Claude with\n')
  await git('add', '.')
  await git('commit', '-q', '-m', 'Begin')

  const model = `host.docker.internal:${modelPort}`
  const { config } = house
  return {
    house: {
      ...house,
      paths: {
        ...pathsFrom({ XDG_STATE_HOME: join(root, 'state') }, { home: root, uid: process.getuid?.() ?? 0 }),
        cacheDir: house.paths.cacheDir,
      },
      config: {
        ...configSchema.parse({}),
        docker: config.docker,
        responder: config.responder,
        notifications: config.notifications,
        network: { ...config.network, mode: 'allowlist', allowed_domains: [model] },
        credentials: {
          ...config.credentials,
          anthropic: { api_key: 'sk-ant-demo-0123456789abcdefghijklmnop' },
        },
        claude: { args: [], env: { ANTHROPIC_BASE_URL: `http://${model}` } },
        tmux: { ...config.tmux, socket_name: basename(root) },
      },
    },
    project,
    async pushed() {
      const done = await execa('git', ['--git-dir', origin, 'rev-parse', '--verify', '-q', 'main'], {
        reject: false,
      })
      return done.exitCode === 0 ? done.stdout : null
    },
    remove: () => rm(root, { recursive: true, force: true }),
  }
}

const IDENTITY = ['-c', 'user.name=Demo', '-c', 'user.email=demo@example.org', '-c', 'commit.gpgsign=false']
