/** Which socket the Docker engine listens at, found as the docker command finds it (Docker CLI 28). */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { ContainerError } from '../errors.ts'

type Environment = Record<string, string | undefined>

const DEFAULT_SOCKET = '/var/run/docker.sock'

const clientConfig = z.object({ currentContext: z.string().optional() })
const contextFile = z.object({
  Name: z.string(),
  Endpoints: z.object({ docker: z.object({ Host: z.string().min(1) }) }),
})

/**
 * Path of the engine's unix socket: DOCKER_HOST, else DOCKER_CONTEXT, else the current context of the docker command,
 * else the usual place. Throws `docker-host-unsupported` for an engine that is not local, `docker-context-broken` for a
 * context that cannot be read: another engine than the one that was meant is never taken.
 */
export function findDockerSocket(env: Environment, exists: (path: string) => boolean = existsSync): string {
  const host = env['DOCKER_HOST']
  if (host) return localSocket(host, 'DOCKER_HOST', 'Unset DOCKER_HOST, or set it to a unix:// socket.')
  const home = env['HOME'] || homedir()
  const folder = env['DOCKER_CONFIG'] || join(home, '.docker')
  const context = env['DOCKER_CONTEXT'] || currentContext(folder)
  if (!context || context === 'default') return usualSocket(home, env, exists)
  const where = env['DOCKER_CONTEXT']
    ? 'DOCKER_CONTEXT'
    : `the current context in ${join(folder, 'config.json')}`
  return localSocket(
    endpointOf(context, folder, where),
    `The Docker context ${context} (${where})`,
    'Choose a context of this machine: see `docker context ls`, then `docker context use` or DOCKER_CONTEXT.',
  )
}

/**
 * The docker command knows the first of these only. Rootless Docker and desktop engines without a context of their own
 * have another one, which is taken when nothing else could be meant.
 */
function usualSocket(home: string, env: Environment, exists: (path: string) => boolean): string {
  if (exists(DEFAULT_SOCKET)) return DEFAULT_SOCKET
  const others = [
    ...(env['XDG_RUNTIME_DIR'] ? [join(env['XDG_RUNTIME_DIR'], 'docker.sock')] : []),
    join(home, '.docker/run/docker.sock'),
    join(home, '.docker/desktop/docker.sock'),
    join(home, '.colima/default/docker.sock'),
    join(home, '.orbstack/run/docker.sock'),
  ].filter(exists)
  const [only] = others
  return only !== undefined && others.length === 1 ? only : DEFAULT_SOCKET
}

function localSocket(host: string, who: string, remedy: string): string {
  if (host.startsWith('unix://')) return host.slice('unix://'.length) || DEFAULT_SOCKET
  throw new ContainerError(
    'docker-host-unsupported',
    `${who} is ${host}. Sessions mount folders and sockets of this machine, which only a local engine can; ` +
      "running on another machine's engine is not supported yet.",
    remedy,
  )
}

function currentContext(folder: string): string | undefined {
  const file = join(folder, 'config.json')
  try {
    return clientConfig.parse(JSON.parse(readFileSync(file, 'utf8'))).currentContext
  } catch (error) {
    if (isMissing(error)) return undefined
    throw new ContainerError(
      'docker-context-broken',
      `${file}, which names the Docker engine to use, cannot be read: ${reasonOf(error)}.`,
      'Mend that file, or name the engine: set DOCKER_HOST to its unix:// socket.',
      { cause: error },
    )
  }
}

/** The docker command keeps a context in a folder named by the hash of its name. */
function endpointOf(context: string, folder: string, where: string): string {
  const hash = createHash('sha256').update(context).digest('hex')
  const file = join(folder, 'contexts/meta', hash, 'meta.json')
  try {
    const { Name, Endpoints } = contextFile.parse(JSON.parse(readFileSync(file, 'utf8')))
    if (Name === context) return Endpoints.docker.Host
    throw new Error(`it is of the context ${Name}`)
  } catch (error) {
    throw new ContainerError(
      'docker-context-broken',
      isMissing(error)
        ? `There is no Docker context ${context}, which is ${where === 'DOCKER_CONTEXT' ? 'in DOCKER_CONTEXT' : where}.`
        : `The Docker context ${context} cannot be read from ${file}: ${reasonOf(error)}.`,
      'See what there is with `docker context ls`, and choose one with `docker context use` or DOCKER_CONTEXT.',
      { cause: error },
    )
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}

function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'it is not JSON'
  if (error instanceof z.ZodError) return 'its content is not what Docker writes'
  return (error as Error).message
}
