/** What must be on the machine, one check a need. A check only looks. */
import type { Machine } from '../machine.ts'

/** What a command may need. */
export type Need = 'docker' | 'tmux' | 'debootstrap' | 'acl'

/** What we can do about a problem. */
export type Fix = { kind: 'install'; packages: string[] } | { kind: 'start-docker' }

/** `fix` is null where only the user can do something: `remedy` says what. */
export type Problem = { need: Need; problem: string; remedy: string; fix: Fix | null }

type Check = { name: string; run(machine: Machine): Promise<Problem | null> }

/** Daemons that hang do it for ever. */
const ANSWER_MS = 15_000

export const CHECKS: Record<Need, Check> = {
  docker: { name: 'Docker runs', run: checkDocker },
  tmux: { name: 'tmux is installed', run: (machine) => checkProgram(machine, 'tmux', 'tmux', ['tmux']) },
  debootstrap: { name: 'an image can be made from Debian packages', run: checkDebootstrap },
  acl: {
    name: 'access to files can be shared',
    run: (machine) => checkProgram(machine, 'acl', 'setfacl', ['acl']),
  },
}

async function checkProgram(
  machine: Machine,
  need: Need,
  program: string,
  packages: string[],
): Promise<Problem | null> {
  if (await machine.has(program)) return null
  return {
    need,
    problem: `${program} is not installed.`,
    remedy: `Install ${packages.join(' and ')}.`,
    fix: { kind: 'install', packages },
  }
}

async function checkDebootstrap(machine: Machine): Promise<Problem | null> {
  const missing = await checkProgram(machine, 'debootstrap', 'debootstrap', ['debootstrap'])
  if (missing !== null || machine.uid === 0) return missing
  return {
    need: 'debootstrap',
    problem: 'Making an image from Debian packages needs root.',
    remedy:
      'Run rc build once as root, or make a registry reachable and name an image there as docker.base_image.',
    fix: null,
  }
}

async function checkDocker(machine: Machine): Promise<Problem | null> {
  if (!(await machine.has('docker'))) {
    return {
      need: 'docker',
      problem: 'Docker is not installed.',
      remedy: 'Install Docker.',
      fix: { kind: 'install', packages: dockerPackages(machine) },
    }
  }
  const { code, output } = await machine.run('docker', ['version', '--format', '{{.Server.Version}}'], {
    timeoutMs: ANSWER_MS,
  })
  if (code === 0) return null
  return explainDocker(machine, output)
}

/**
 * The words of the docker command (20.10 and 28): "permission denied while trying to connect to the Docker daemon
 * socket", "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
 * "failed to connect to the docker API".
 */
async function explainDocker(machine: Machine, output: string): Promise<Problem> {
  const host = machine.env['DOCKER_HOST']
  if (host) {
    return {
      need: 'docker',
      problem: `No Docker answers at ${host}, where DOCKER_HOST points.`,
      remedy: 'Start Docker there, or unset DOCKER_HOST.',
      fix: null,
    }
  }
  if (/permission denied/i.test(output)) {
    return {
      need: 'docker',
      problem: `Docker runs, but ${machine.user} may not use it.`,
      remedy: `Run: sudo usermod -aG docker ${machine.user}  and log in again. (Whoever may use Docker can become root.)`,
      fix: null,
    }
  }
  if (!/cannot connect|failed to connect|is the docker daemon running|did not answer/i.test(output)) {
    return {
      need: 'docker',
      problem: `Docker cannot be used: ${output.trim().split('\n').at(-1) ?? 'it said nothing'}`,
      remedy: 'Look at what docker version says.',
      fix: null,
    }
  }
  if (machine.platform === 'linux') {
    const missing = await missingParts(machine)
    if (missing.length > 0) {
      return {
        need: 'docker',
        problem: 'The docker command is there, but the daemon is not all installed.',
        remedy: `Install ${missing.join(' and ')}.`,
        fix: { kind: 'install', packages: missing },
      }
    }
  }
  return {
    need: 'docker',
    problem: 'Docker is installed, but it does not run.',
    remedy: 'Start Docker.',
    fix: { kind: 'start-docker' },
  }
}

/** Debian's docker.io only recommends iptables, and dockerd does not start without. */
async function missingParts(machine: Machine): Promise<string[]> {
  const parts = [
    ['dockerd', 'docker.io'],
    ['iptables', 'iptables'],
  ] as const
  const there = await Promise.all(parts.map(([program]) => machine.has(program)))
  return parts.filter((_, at) => !there[at]).map(([, name]) => name)
}

function dockerPackages({ platform }: Machine): string[] {
  return platform === 'darwin' ? ['docker', 'colima'] : ['docker.io', 'docker-cli', 'iptables']
}
