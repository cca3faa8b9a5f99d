/** Finds the running responder, or starts one in the background and waits until it answers. */

import { spawn } from 'node:child_process'
import { closeSync, fstatSync, mkdirSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive } from '../../hooks/client/is-alive.ts'
import { createOwnerClient, type OwnerClient } from '../../server/client.ts'
import type { ResponderStatus } from '../../server/owner-views.ts'
import { checkSocketPaths, distPaths, type Paths } from '../../setup/paths.ts'
import { CommandError } from '../cli/errors.ts'

const START_DEADLINE_MS = 20_000
const STOP_DEADLINE_MS = 10_000

/** The status of the responder, or null when none runs. */
export async function findResponder(client: OwnerClient): Promise<ResponderStatus | null> {
  try {
    return await client.status()
  } catch (error) {
    if (isNotRunning(error)) return null
    throw error
  }
}

/** Leaves a responder running, whoever started it; two calls at once end with one. */
export async function ensureResponder(
  paths: Paths,
  env: NodeJS.ProcessEnv,
): Promise<{ status: ResponderStatus; started: boolean }> {
  checkSocketPaths(paths)
  const client = createOwnerClient(paths.ownerSocket)
  const running = await findResponder(client)
  if (running !== null) return { status: running, started: false }

  const child = spawnResponder(paths, env)
  const end = Date.now() + START_DEADLINE_MS
  while (Date.now() < end) {
    const status = await findResponder(client)
    if (status !== null) return { status, started: status.pid === child.pid() }
    if (child.hasEnded()) {
      // The other one of two that started at once is not up yet, or there is none.
      await sleep(500)
      const other = await findResponder(client)
      if (other !== null) return { status: other, started: false }
      break
    }
    await sleep(40)
  }
  throw new CommandError(
    'responder-not-started',
    `The responder did not start. It said in ${paths.responderLog}:\n${await child.said()}`,
    'Run rc serve to see it start in the foreground.',
  )
}

/** Ends the responder and waits until it is gone. Gives false when none ran. */
export async function stopResponder(paths: Paths): Promise<boolean> {
  const client = createOwnerClient(paths.ownerSocket)
  const running = await findResponder(client)
  if (running === null) return false
  await client.stop().catch((error: unknown) => {
    // It may be gone before it has answered.
    if (!isNotRunning(error)) throw error
  })
  const end = Date.now() + STOP_DEADLINE_MS
  while (await runs(running.pid)) {
    if (Date.now() > end) {
      throw new CommandError(
        'responder-not-stopped',
        `The responder (process ${running.pid}) was told to stop and did not, for ${STOP_DEADLINE_MS / 1000} seconds.`,
        `End it with: kill ${running.pid}`,
      )
    }
    await sleep(40)
  }
  return true
}

function isNotRunning(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'responder-not-running'
}

function spawnResponder(paths: Paths, env: NodeJS.ProcessEnv) {
  mkdirSync(paths.stateDir, { recursive: true, mode: 0o700 })
  const log = openSync(paths.responderLog, 'a', 0o600)
  const before = fstatSync(log).size
  let ended = false
  try {
    const child = spawn(process.execPath, [distPaths().entry, 'serve'], {
      cwd: '/',
      detached: true,
      env,
      stdio: ['ignore', log, log],
    })
    child.once('exit', () => {
      ended = true
    })
    child.once('error', () => {
      ended = true
    })
    child.unref()
    return {
      hasEnded: () => ended,
      pid: () => child.pid,
      said: async () => lastLines(await readFile(paths.responderLog), before),
    }
  } finally {
    closeSync(log)
  }
}

/** A process that has ended counts as gone even where the first process of a container does not collect it. */
async function runs(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return !/\) [ZX] /.test(stat) && isAlive(pid)
}

function lastLines(log: Buffer, from: number): string {
  return log
    .subarray(from)
    .toString()
    .trim()
    .split('\n')
    .slice(-12)
    .map((line) => `    ${line}`)
    .join('\n')
}
