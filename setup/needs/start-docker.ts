/** Starts the Docker daemon by whatever looks after daemons here, and waits until it answers. */
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { SetupError } from '../errors.ts'
import type { Machine } from '../machine.ts'

const START_DEADLINE_MS = 60_000

/** Resolves when Docker answers; throws with the end of its log when it does not. `log` is used where no init is. */
export async function startDocker(machine: Machine, log: string): Promise<void> {
  const how = await starter(machine, log)
  if (how.log !== null) await mkdir(dirname(how.log), { recursive: true, mode: 0o700 })
  const { code, output } = await machine.run(how.command, how.args, { asRoot: how.asRoot })
  if (code !== 0) throw notStarted(`${[how.command, ...how.args].join(' ')} failed`, output)

  const end = machine.now() + START_DEADLINE_MS
  while (!(await answers(machine))) {
    const lines = how.log === null ? '' : await machine.read(how.log)
    // dockerd 20.10 and later, as their last words.
    if (/failed to start daemon/.test(lines)) throw notStarted('dockerd ended', lines)
    if (machine.now() > end)
      throw notStarted(`Docker did not answer within ${START_DEADLINE_MS / 1000} seconds`, lines)
    await machine.sleep(300)
  }
}

type Starter = { command: string; args: string[]; asRoot: boolean; log: string | null }

async function starter(machine: Machine, log: string): Promise<Starter> {
  if (machine.platform === 'darwin') return { command: 'colima', args: ['start'], asRoot: false, log: null }
  if (await machine.exists('/run/systemd/system')) {
    return { command: 'systemctl', args: ['start', 'docker'], asRoot: true, log: null }
  }
  const first = (await machine.read('/proc/1/comm')).trim()
  if (first === 'init' && (await machine.exists('/etc/init.d/docker'))) {
    return { command: 'service', args: ['docker', 'start'], asRoot: true, log: null }
  }
  // No init looks after daemons here (containers, small VMs): it runs by itself, in a session of its own.
  const script = 'setsid dockerd >"$1" 2>&1 </dev/null &'
  return { command: 'sh', args: ['-c', script, 'sh', log], asRoot: true, log }
}

async function answers(machine: Machine): Promise<boolean> {
  const { code } = await machine.run('docker', ['version', '--format', '{{.Server.Version}}'], {
    timeoutMs: 10_000,
  })
  return code === 0
}

function notStarted(what: string, output: string): SetupError {
  const lines = output
    .trim()
    .split('\n')
    .slice(-8)
    .map((line) => `    ${line}`)
  return new SetupError(
    'docker-not-started',
    `Docker could not be started: ${what}.\n${lines.join('\n')}`,
    'The lines above say why. When docker version shows a server, run rc again.',
  )
}
