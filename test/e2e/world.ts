/**
 * A world of its own for one story: an empty HOME, a scripted model, a recording Pushover and the real `rc`, Docker,
 * tmux and Claude Code. Whatever a story starts is gone when `destroy` returns.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { stringify } from 'yaml'
import { startScriptedModel } from '../../bin/demo/scripted-model.ts'
import { answerDialog } from '../../bin/doctor/claude/at-keyboard.ts'
import type { AskView } from '../../server/protocol.ts'
import { startPushover } from '../fixtures/pushover.ts'
import { tapOn } from './tap.ts'
import { until } from './until.ts'

export { until }

const ROOT = join(import.meta.dirname, '../..')
const RC = join(ROOT, 'bin/rc')

type Scripts = Parameters<typeof startScriptedModel>[0]['scripts']
type WorldOptions = { scripts: Scripts; config?: Record<string, unknown> }

export type World = Awaited<ReturnType<typeof createWorld>>

/** Builds the world; nothing of ours runs in it yet. */
export async function createWorld({ scripts, config = {} }: WorldOptions) {
  const home = await mkdtemp(join(tmpdir(), 'rcw-'))
  const model = await startScriptedModel({ scripts })
  const pushover = await startPushover()
  const socketName = `rc-test-${home.slice(-6)}`
  const configFile = join(home, '.config/remote-claude/config.yaml')
  await mkdir(join(home, '.config/remote-claude'), { recursive: true })
  await writeFile(
    configFile,
    stringify({
      tmux: { socket_name: socketName },
      responder: { port: 0 },
      network: { allowed_domains: [`host.docker.internal:${model.port}`] },
      credentials: { anthropic: { api_key: 'sk-ant-test-0123456789abcdefghijklmnop' } },
      claude: { env: { ANTHROPIC_BASE_URL: `http://host.docker.internal:${model.port}` } },
      notifications: {
        pushover: { user_key: 'u'.repeat(30), api_token: 'a'.repeat(30), api_url: pushover.url },
      },
      ...config,
    }),
    { mode: 0o600 },
  )
  const env = {
    HOME: home,
    PATH: process.env['PATH'] ?? '',
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    NO_COLOR: '1',
    XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] ?? join(process.env['HOME'] ?? home, '.cache'),
  }

  const rc = (...args: string[]) =>
    execa(RC, args, { env, extendEnv: false, reject: false, cwd: home, stdin: 'ignore', timeout: 120_000 })

  /** Like `rc`, but a failure ends the story with what was printed. */
  const must = async (...args: string[]) => {
    const done = await rc(...args)
    if (done.exitCode !== 0)
      throw new Error(`rc ${args.join(' ')} ended ${done.exitCode}\n${done.stdout}\n${done.stderr}`)
    return done.stdout
  }

  const tmux = async (...args: string[]) =>
    (await execa('tmux', ['-L', socketName, ...args], { env, extendEnv: false, reject: false })).stdout

  /** A repository whose `origin` is a bare repository inside it, with one commit to push. */
  const project = async (name: string) => {
    const dir = join(home, 'projects', name)
    await mkdir(dir, { recursive: true })
    const git = (...args: string[]) =>
      execa('git', ['-C', dir, '-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args])
    await git('init', '-q', '-b', 'main')
    await git('init', '-q', '--bare', 'remote.git')
    await git('remote', 'add', 'origin', join(dir, 'remote.git'))
    await writeFile(join(dir, '.gitignore'), 'remote.git\n')
    await git('add', '.gitignore')
    await git('commit', '-q', '-m', 'first')
    return dir
  }

  /** What `origin` has on a branch, or null. */
  const pushed = async (dir: string, branch = 'main') => {
    const done = await execa(
      'git',
      ['--git-dir', join(dir, 'remote.git'), 'rev-parse', '--verify', '-q', branch],
      { reject: false },
    )
    return done.exitCode === 0 ? done.stdout : null
  }

  const asks = async (): Promise<AskView[]> => JSON.parse(await must('asks', '--json', '--all'))

  /** The first ask that fits, waiting for it. */
  const ask = (where: Partial<AskView>) =>
    until(
      `an ask with ${JSON.stringify(where)}`,
      async () =>
        (await asks()).find((one) =>
          Object.entries(where).every(([key, value]) => one[key as keyof AskView] === value),
        ),
      async () => JSON.stringify(await asks(), null, 1),
    )

  const screen = (session: string) => tmux('capture-pane', '-p', '-t', `=rc-${session}:`)
  const screenShows = (session: string, pattern: RegExp) =>
    until(
      `${pattern} on the screen of ${session}`,
      async () => pattern.test(await screen(session)),
      () => screen(session),
    )
  const outer = ['-L', `${socketName}-outer`]
  /** A person who is attached to the session's pane: only keys through such a terminal are a person's. */
  const sitDown = async (session: string) => {
    const attach = ['new-session', '-d', '-s', session, '-x', '160', '-y', '50', RC, 'attach', session]
    await execa('tmux', [...outer, '-f', '/dev/null', ...attach], { env, extendEnv: false })
    const run = async (...args: string[]) =>
      (await execa('tmux', [...outer, ...args], { env, extendEnv: false, reject: false })).stdout
    const target = ['-t', `=${session}:`]
    return {
      answer: (key: string) =>
        answerDialog(
          {
            screen: () => screen(session),
            press: (one) => run('send-keys', ...target, one ?? ''),
          },
          key,
        ),
    }
  }

  /** Answers the dialog that stands in its pane, or comes, by a key that no person has pressed. */
  const answer = (session: string, key: string) =>
    answerDialog(
      {
        screen: () => screen(session),
        press: (one) => tmux('send-keys', '-t', `=rc-${session}:`, one ?? ''),
      },
      key,
    )

  /** Loads the page and taps an answer on it, as a phone does; where that asks once more, it says what it is about. */
  const tap = async (url: string, fields: Record<string, string>) => {
    const page = await fetch(url, { headers: { accept: 'application/json' } })
    const { ask } = (await page.json()) as { ask?: AskView }
    return await tapOn(url, { digest: ask?.digest ?? '', ...fields })
  }

  const responderPid = async () => JSON.parse(await must('server', 'status', '--json')).pid as number

  const destroy = async () => {
    await rc('kill', '--all', '-f')
    await rc('server', 'stop')
    await tmux('kill-server')
    await execa('tmux', [...outer, 'kill-server'], { env, extendEnv: false, reject: false })
    await model.close()
    await pushover.close()
    await rm(home, { recursive: true, force: true })
  }

  return {
    home,
    env,
    model,
    pushover,
    socketName,
    configFile,
    rc,
    must,
    tmux,
    project,
    pushed,
    asks,
    ask,
    screen,
    screenShows,
    answer,
    sitDown,
    tap,
    responderPid,
    responderLog: () => readFile(join(home, '.local/state/remote-claude/responder.log'), 'utf8'),
    destroy,
  }
}
