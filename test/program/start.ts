/** Starts that responder, compiled once. */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'

export type ResponderTask = {
  stateDir: string
  /** A folder for each session, where its hook door is opened. */
  gates: string[]
  port?: number
  webhook?: string
  /** Instead of the webhook alone: what the configuration holds below `notifications`, rules of attention included. */
  notifications?: object
  askMs?: number
  /** A file with milliseconds that the responder's clock is wrong by. */
  clockFile?: string
  /** How many times as fast timers of ten seconds and more run. */
  hurry?: number
  /** Name of a file that says, in a gate, that its session is there no longer. */
  removed?: string
}

let compiled: Promise<string> | null = null

function compile(): Promise<string> {
  compiled ??= (async () => {
    const outfile = join(mkdtempSync(join(tmpdir(), 'rc-program-')), 'responder.mjs')
    await build({
      entryPoints: [join(import.meta.dirname, './responder.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node24',
      jsx: 'automatic',
      jsxImportSource: 'hono/jsx',
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)",
      },
    })
    return outfile
  })()
  return compiled
}

export type RunningResponder = { phoneUrl: string; pid: number; kill(): Promise<void> }

/** Resolves when its doors are open. `kill` is kill -9, whatever it is doing. */
export async function startResponderProgram(task: ResponderTask): Promise<RunningResponder> {
  for (const gate of task.gates) mkdirSync(gate, { recursive: true })
  const child = fork(await compile(), { stdio: ['pipe', 'inherit', 'inherit', 'ipc'] })
  child.stdin?.end(JSON.stringify(task))
  const phoneUrl = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { phoneUrl: string }).phoneUrl))
    child.once('exit', (code) => reject(new Error(`the responder ended with ${code}`)))
  })
  return { phoneUrl, pid: child.pid ?? 0, kill: () => end(child) }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}
