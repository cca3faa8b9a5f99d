/** Takes all there is to take: memory, processes, the file systems in memory. */
import { execFile, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Attempt, escaped, type Facts, notTried, stopped, type Verdict } from './attempt.ts'

const run = promisify(execFile)
const group = 'exhaustion'
const MB = 1024 ** 2

/** In this order; after the last one nothing in the box can start a program. */
export function bombAttempts({ limits }: Facts): Attempt[] {
  const most = limits.memory / MB
  return [
    limit('limit-memory', 'having no limit of memory', limits.memory, [
      'memory.max',
      'memory/memory.limit_in_bytes',
    ]),
    limit('limit-processes', 'having no limit of processes', limits.pids, ['pids.max', 'pids/pids.max']),
    { id: 'fill-tmp', group, tried: 'filling /tmp', run: () => fill('/tmp', most) },
    { id: 'fill-home', group, tried: 'filling the home folder', run: () => fill('/home/claude', most) },
    { id: 'fill-shm', group, tried: 'filling /dev/shm', run: () => fill('/dev/shm', most) },
    { id: 'memory-bomb', group, tried: 'taking more and more memory', run: () => takeMemory(most) },
    { id: 'fork-bomb', group, tried: 'a fork bomb', run: () => forkBomb(limits.pids) },
  ]
}

/** The files of control groups, version 2 and version 1. */
function limit(id: string, tried: string, wanted: number, files: string[]): Attempt {
  return {
    id,
    group,
    tried,
    run: async () => {
      for (const file of files) {
        const text = await readFile(`/sys/fs/cgroup/${file}`, 'utf8').catch(() => null)
        if (text === null) continue
        return Number(text) <= wanted
          ? stopped(`${file} is ${text.trim()}`)
          : escaped(`${file} is ${text.trim()}`)
      }
      return notTried('the control group of the box cannot be read')
    },
  }
}

async function fill(folder: string, mostMb: number): Promise<Verdict> {
  const file = `${folder}/fill`
  const count = String(Math.ceil(mostMb * 1.1))
  const args = ['if=/dev/zero', `of=${file}`, 'bs=1M', `count=${count}`]
  const { killed, signal, stderr } = await run('dd', args, { timeout: 60_000 }).then(
    ({ stderr }) => ({ killed: false, signal: null, stderr }),
    (error: Error & { killed: boolean; signal: string | null; stderr: string }) => error,
  )
  await run('rm', ['-f', file])
  if (killed) return notTried('dd took more than a minute')
  if (signal === 'SIGKILL') return stopped('the memory limit of the box: the writer was killed')
  const why = /No space left on device|Permission denied|Read-only file system/.exec(stderr)?.[0]
  return why === undefined
    ? escaped(`${count} MB were written`)
    : stopped(`${why} (${/^.*copied/m.exec(stderr)?.[0] ?? 'nothing written'})`)
}

async function takeMemory(mostMb: number): Promise<Verdict> {
  const program = `
    require('node:fs').writeFileSync('/proc/self/oom_score_adj', '1000')
    const held = []
    for (let mb = 0; mb < ${Math.ceil(mostMb * 1.2)}; mb += 32) held.push(Buffer.alloc(32 * 1024 * 1024, 1))
    require('node:fs').writeSync(1, 'took it all')`
  try {
    const { stdout } = await run(process.execPath, ['-e', program], { timeout: 120_000 })
    return escaped(`${stdout}: ${Math.ceil(mostMb * 1.2)} MB`)
  } catch (error) {
    const { killed, signal, message } = error as Error & { killed: boolean; signal: string | null }
    if (killed) return notTried('it took more than two minutes')
    return signal === 'SIGKILL'
      ? stopped('the memory limit of the box: it was killed (SIGKILL)')
      : notTried(message)
  }
}

/** Burns on until the box is ended from outside. */
async function forkBomb(pids: number): Promise<Verdict> {
  spawn('bash', ['-c', 'bomb() { bomb | bomb & }; bomb'], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref()
  const end = Date.now() + 30_000
  while (Date.now() < end) {
    const error = await canStart()
    if (error !== null) return stopped(`${error}: not more than ${pids} processes`)
    await sleep(50)
  }
  return escaped('programs can still be started after 30 seconds of it')
}

function canStart(): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn('/bin/true', { stdio: 'ignore' })
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.message))
    child.once('exit', () => resolve(null))
  })
}
