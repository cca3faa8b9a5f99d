/**
 * A real Claude Code on the host, in a HOME and a tmux server of its own, against a scripted model on loopback. It never
 * sees the login of whoever calls it: its environment is made here, and its key is invented.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { isAlive } from '../../../hooks/client/is-alive.ts'
import { answerDialog, dialogStands } from './at-keyboard.ts'
import { claudeVariables, firstRunState } from './claude-home.ts'
import { withManaged } from './managed.ts'
import { until } from './until.ts'

/** What its `~/.claude.json` says besides: no updates, and that bypassing permissions was accepted. */
const STATE = { autoUpdates: false, bypassPermissionsModeAccepted: true }

export type HostClaudeOptions = {
  /** Path of the native binary. */
  program: string
  modelUrl: string
  /** What `~/.claude/settings.json` says. */
  settings: object
  /** Managed settings, where the machine allows that (`canManage`). */
  managed?: object | undefined
  args?: string[]
  prompt?: string
  /** Columns of its window. */
  width?: number
  /** What `~/.claude.json` has otherwise than in a home where every first-run question is answered. */
  state?: object
  /** Environment on top of the usual; what is undefined is left out. */
  variables?: Record<string, string | undefined>
  /** Files of the project, by name. */
  files?: Record<string, string>
  /** Without it the prompt is waited for, unless one is given. */
  awaits?: RegExp
}

export type HostClaude = Awaited<ReturnType<typeof startHostClaude>>

/** Starts it and waits for its prompt, or with `prompt` just starts it. `stop` leaves nothing behind. */
export async function startHostClaude({
  program,
  modelUrl,
  settings,
  managed,
  args = [],
  prompt,
  ...rest
}: HostClaudeOptions) {
  const {
    width = 150,
    state = {},
    variables = {},
    files = {},
    awaits = prompt === undefined ? /^❯/m : undefined,
  } = rest
  const home = await mkdtemp(join(tmpdir(), 'rch-'))
  const project = join(home, 'project')
  const socket = `rc-host-${home.slice(-6)}`
  await mkdir(join(home, '.claude'), { recursive: true })
  await mkdir(project)
  for (const [name, text] of Object.entries(files)) await writeFile(join(project, name), text)
  await writeFile(
    join(home, '.claude.json'),
    JSON.stringify({ ...STATE, ...firstRunState([project]), ...state }),
  )
  await writeFile(
    join(home, '.claude/settings.json'),
    JSON.stringify({ skipDangerousModePermissionPrompt: true, ...settings }),
  )
  const env: Record<string, string | undefined> = {
    HOME: home,
    PATH: process.env['PATH'] ?? '',
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    SHELL: '/bin/bash',
    ...claudeVariables(modelUrl),
    IS_SANDBOX: '1',
    ...variables,
  }
  const tmux = async (...words: string[]) =>
    (await execa('tmux', ['-L', socket, ...words], { env, extendEnv: false, reject: false })).stdout
  const mode = args.length > 0 ? args : ['--dangerously-skip-permissions']
  const plain = [program, ...mode, ...(prompt === undefined ? [] : [prompt])]
  const managedFile = join(home, 'managed-settings.json')
  if (managed !== undefined) await writeFile(managedFile, JSON.stringify(managed))
  const command = managed === undefined ? plain : withManaged(managedFile, plain)
  await tmux('-f', '/dev/null', 'new-session', '-d', '-x', `${width}`, '-y', '50', '-c', project, ...command)

  const screen = () => tmux('capture-pane', '-p')
  const shows = (pattern: RegExp) =>
    until(`${pattern} on the screen`, async () => pattern.test(await screen()), screen)
  const press = (...keys: string[]) => tmux('send-keys', ...keys)
  const claude = {
    home,
    project,
    /** Name of its tmux server. */
    socket,
    screen,
    /** Sets an option of its pane. */
    markPane: (name: string, value: string) => tmux('set-option', '-p', name, value),
    /** The screen with its colours. */
    capture: () => tmux('capture-pane', '-p', '-e'),
    shows,
    press,
    /** Waits for a dialog that takes keys. */
    dialogStands: () => dialogStands(screen),
    /** Answers the dialog that stands there, or comes, by a key. */
    answer: (key: string) => answerDialog({ screen, press }, key),
    async type(text: string) {
      await tmux('send-keys', '-l', text)
      await tmux('send-keys', 'Enter')
    },
    async stop() {
      const pid = Number(await tmux('list-panes', '-F', '#{pane_pid}'))
      await tmux('kill-server')
      // Claude writes its last files while it ends.
      if (pid > 0) await until('Claude to end', async () => !isAlive(pid))
      await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
    },
  }
  if (awaits === undefined) return claude
  try {
    await shows(awaits)
    return claude
  } catch (error) {
    await claude.stop()
    throw error
  }
}
