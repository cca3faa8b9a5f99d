/**
 * A HOME in which somebody has run Claude Code for long: settings of their own, a tmux server of their own with as many
 * panes as they like, terminals without tmux, and the real `rc` beside them. Whatever a story starts is gone after it.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { stringify } from 'yaml'
import { type Step, startScriptedModel } from '../../bin/demo/scripted-model.ts'
import { claudeVariables, firstRunState } from '../../bin/doctor/claude/claude-home.ts'
import type { AskView } from '../../server/protocol.ts'
import { startPushover } from '../fixtures/pushover.ts'
import { claudeBinary } from './claude-binary.ts'
import { tapOn } from './tap.ts'
import { until } from './until.ts'

const RC = join(import.meta.dirname, '../../bin/rc')

export type SiteWorld = Awaited<ReturnType<typeof createSiteWorld>>

type Options = { version: string; scripts: Record<string, Step[]>; settings: string; projects?: string[] }

/** `settings` are the bytes of `~/.claude/settings.json`. Nothing of ours is installed in it yet. */
export async function createSiteWorld({ version, scripts, settings, projects = ['app'] }: Options) {
  const program = await claudeBinary(version)
  const home = await mkdtemp(join(tmpdir(), 'rch-'))
  const model = await startScriptedModel({ scripts })
  const pushover = await startPushover()
  const folder = (project: string) => join(home, project)
  const settingsFile = join(home, '.claude/settings.json')
  await mkdir(join(home, '.claude'))
  // Where its own installer puts it, so that rc can ask it for its version.
  await mkdir(join(home, '.local/bin'), { recursive: true })
  await symlink(program, join(home, '.local/bin/claude'))
  await mkdir(join(home, '.config/remote-claude'), { recursive: true })
  for (const project of projects) await mkdir(folder(project))
  await writeFile(settingsFile, settings)
  await writeFile(join(home, '.claude.json'), JSON.stringify(firstRunState(projects.map(folder))))
  await writeFile(
    join(home, '.config/remote-claude/config.yaml'),
    stringify({
      responder: { port: 0 },
      notifications: {
        pushover: { user_key: 'u'.repeat(30), api_token: 'a'.repeat(30), api_url: pushover.url },
      },
    }),
    { mode: 0o600 },
  )
  const common = {
    HOME: home,
    PATH: process.env['PATH'] ?? '',
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] ?? join(process.env['HOME'] ?? home, '.cache'),
  }
  const env = { ...common, ...claudeVariables(model.url), SHELL: '/bin/bash', IS_SANDBOX: '1' }
  const options = { env: common, extendEnv: false, reject: false, stdin: 'ignore', timeout: 120_000 } as const
  const rc = (...args: string[]) => execa(RC, args, { ...options, cwd: folder(projects[0] ?? '') })
  const must = async (...args: string[]) => {
    const done = await rc(...args)
    if (done.exitCode !== 0)
      throw new Error(`rc ${args.join(' ')} ended ${done.exitCode}\n${done.stdout}\n${done.stderr}`)
    return done.stdout
  }
  // A server that is nobody's but the user's.
  const socket = join(home, 'their tmux')
  const tmux = async (...words: string[]) =>
    (await execa('tmux', ['-S', socket, ...words], { env, extendEnv: false, reject: false })).stdout
  const outside: ChildProcess[] = []

  /** Claude in a new pane of the user's tmux, with its prompt on the screen. */
  async function open(project: string, args: string[] = ['--permission-mode', 'default']) {
    const isFirst = (await tmux('list-panes', '-a')) === ''
    const place = isFirst ? ['-f', '/dev/null', 'new-session', '-x', '150', '-y', '50'] : ['new-window', '-a']
    const pane = await tmux(...place, '-d', '-P', '-F', '#{pane_id}', '-c', folder(project), program, ...args)
    const screen = () => tmux('capture-pane', '-p', '-t', pane)
    const shows = (pattern: RegExp) =>
      until(`${pattern} on the screen`, async () => pattern.test(await screen()), screen)
    await shows(/^❯/m)
    return {
      pane,
      screen,
      shows,
      press: (...keys: string[]) => tmux('send-keys', '-t', pane, ...keys),
      async type(text: string) {
        await tmux('send-keys', '-t', pane, '-l', text)
        await tmux('send-keys', '-t', pane, 'Enter')
      },
    }
  }

  /** `claude -p`, as a script runs it. */
  async function print(project: string, prompt: string) {
    const { stdout, durationMs } = await execa(program, ['-p', prompt], {
      ...{ cwd: folder(project), env, extendEnv: false, reject: false, stdin: 'ignore', timeout: 60_000 },
    })
    return { stdout, durationMs }
  }

  /** Claude in a terminal that is no tmux, at work on a prompt. */
  async function openOutside(project: string, prompt: string): Promise<void> {
    const line = `stty cols 150 rows 50; exec '${program}' --permission-mode default '${prompt}'`
    const child = spawn('script', ['-qfec', line, join(home, 'typescript')], {
      cwd: folder(project),
      env,
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    outside.push(child)
  }

  const asks = async (): Promise<AskView[]> => JSON.parse(await must('asks', '--json', '--all'))

  return {
    home,
    env,
    model,
    pushover,
    settingsFile,
    folder,
    rc,
    must,
    tmux,
    open,
    print,
    openOutside,
    asks,
    settings: () => readFile(settingsFile),
    /** The newest ask that fits, waiting for it. */
    ask: (where: Partial<AskView>, sight: () => Promise<string> = async () => '') =>
      until(
        `an ask with ${JSON.stringify(where)}`,
        async () =>
          (await asks()).findLast((one) =>
            Object.entries(where).every(([key, value]) => one[key as keyof AskView] === value),
          ),
        async () => `${await sight()}\n${JSON.stringify(await asks(), null, 1)}`,
      ),
    /** Answers on the page, as a phone does. */
    async tap({ url, digest }: AskView, fields: Record<string, string>) {
      const response = await tapOn(url ?? '', { digest, ...fields })
      return { status: response.status, text: await response.text() }
    },
    async destroy() {
      // Claude ends with its terminal.
      for (const terminal of outside) terminal.kill('SIGKILL')
      await tmux('kill-server')
      await rc('server', 'stop')
      await model.close()
      await pushover.close()
      await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
    },
  }
}
