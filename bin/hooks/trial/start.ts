/**
 * Starts a Claude Code of this machine for the moment in which its SessionStart and SessionEnd hooks run
 * (`--init-only`), and ends it. `-p` would do for the hooks too, but ask a model, and leave a folder for its memory.
 */
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openNowhere, withoutClaude } from './nowhere.ts'

/** Hook events that such a start brings (2.1.113, 2.1.197, 2.1.330, 2.1.332). */
export const START_EVENTS: readonly string[] = ['SessionStart', 'SessionEnd']

/** A cold start takes 2 s; hooks of others run beside ours, as long as they like. */
const LONGEST_MS = 15_000
/** What it has to end by itself in, once we were heard or it was told to. */
const ENDING_MS = 2_000
const LOOK_MS = 50
const MOST_SAID = 4_000

/** How it went. */
export type Start = {
  wasHeard: boolean
  /** Claude's own folder, as a hook that we brought along was told; null where no hook ran at all. */
  claudeDir: string | null
  /** Null where it was ended by us. */
  exitCode: number | null
  /** The end of what it said on stderr and stdout. */
  said: string
}

type Request = {
  program: string
  env: NodeJS.ProcessEnv
  /** Where it is started; null for an empty folder. */
  folder: string | null
  /** Its session id, a UUID. */
  id: string
  isHeard: () => Promise<boolean>
}

/** Leaves nothing behind that a Claude which has run before had not made already. */
export async function startClaude({ program, env, folder, id, isHeard }: Request): Promise<Start> {
  const temporary = await mkdtemp(join(tmpdir(), 'rc-hooks-test-'))
  const nowhere = await openNowhere()
  try {
    const [empty, seen] = [join(temporary, 'empty'), join(temporary, 'seen.json')]
    await mkdir(empty)
    const settings = settingsFor(nowhere.variables, seen)
    const child = spawn(
      program,
      ['--init-only', '--session-id', id, '--strict-mcp-config', '--settings', settings],
      {
        cwd: folder ?? empty,
        detached: true,
        env: { ...withoutClaude(env), ...nowhere.variables, TMPDIR: temporary },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    const { wasHeard, exitCode, said } = await follow(child, isHeard)
    const claudeDir = await folderIn(seen)
    // Empty where no hook of a start has left variables for later.
    if (claudeDir !== null) await rmdir(join(claudeDir, 'session-env', id)).catch(() => {})
    return { wasHeard, claudeDir, exitCode, said }
  } finally {
    await nowhere.close()
    await rm(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

/**
 * Outranks the `env` of the user's, the project's and the local settings, where a gateway and its key may stand. The hook
 * writes down what Claude tells it: where its own folder is, and that hooks run at all.
 */
function settingsFor(variables: Record<string, string>, seen: string): string {
  const hooks = [{ type: 'command', command: `cat > '${seen.replaceAll("'", `'\\''`)}'`, timeout: 5 }]
  return JSON.stringify({ env: variables, apiKeyHelper: '', hooks: { SessionStart: [{ hooks }] } })
}

/** `<claude's folder>/projects/<folder>/<session>.jsonl` is what every hook is told as its transcript. */
async function folderIn(seen: string): Promise<string | null> {
  try {
    const { transcript_path: path } = JSON.parse(await readFile(seen, 'utf8')) as Record<string, unknown>
    return typeof path === 'string' ? dirname(dirname(dirname(path))) : null
  } catch {
    return null
  }
}

async function follow(
  child: ReturnType<typeof spawn>,
  isHeard: () => Promise<boolean>,
): Promise<Omit<Start, 'claudeDir'>> {
  let said = ''
  let end: { exitCode: number | null } | null = null
  for (const stream of [child.stderr, child.stdout])
    stream?.on('data', (chunk) => {
      said = `${said}${chunk}`.slice(-MOST_SAID)
    })
  child.once('exit', (exitCode) => {
    end = { exitCode }
  })
  child.once('error', (error) => {
    said += error.message
    end = { exitCode: null }
  })
  const hasEnded = () => end !== null
  let wasHeard = false
  for (let waited = 0; waited < LONGEST_MS && !wasHeard && !hasEnded(); waited += LOOK_MS) {
    await sleep(LOOK_MS)
    wasHeard = await isHeard()
  }
  if (wasHeard) await until(hasEnded)
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (hasEnded()) break
    stop(child.pid, signal)
    await until(hasEnded)
  }
  // Claude waits for these hooks, so what was not said by now will not be.
  wasHeard ||= await isHeard()
  // Whatever it has left running may hold them, and would hold us.
  for (const stream of [child.stderr, child.stdout]) stream?.destroy()
  const { exitCode } = (end ?? { exitCode: null }) as { exitCode: number | null }
  return { wasHeard, exitCode, said: said.trim() }
}

async function until(hasEnded: () => boolean): Promise<void> {
  for (let waited = 0; waited < ENDING_MS && !hasEnded(); waited += LOOK_MS) await sleep(LOOK_MS)
}

/** Its whole process group: a `claude` may be a script that starts another one. */
function stop(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal)
  } catch {
    // It has ended between two looks.
  }
}
