/** Turns what the Docker engine and its socket say into sentences. The quoted texts are Docker 20.10 to 28. */
import { ContainerError } from '../errors.ts'

/** What dockerode rejects with: a system error of the socket, or an HTTP status with the engine's own message. */
type EngineFault = {
  code?: string
  statusCode?: number
  message?: string
  json?: { message?: string } | null
}

type Known = {
  code: string
  matches(fault: EngineFault, text: string): boolean
  message(text: string, socket: string): string
  remedy: string
}

const KNOWN: Known[] = [
  {
    code: 'docker-not-running',
    matches: (fault) => fault.code === 'ENOENT' || fault.code === 'ECONNREFUSED',
    message: (_, socket) => `Docker does not answer at ${socket}.`,
    remedy: 'Start Docker, or run `rc setup`, which can start it for you.',
  },
  {
    code: 'docker-not-permitted',
    matches: (fault) => fault.code === 'EACCES' || fault.code === 'EPERM',
    message: (_, socket) => `You may not use Docker's socket ${socket}.`,
    remedy: 'Add yourself to the docker group (`sudo usermod -aG docker "$USER"`) and log in again.',
  },
  {
    code: 'image-missing',
    // createContainer's `reason` says "no such container" here; the engine's own message is right.
    matches: (_, text) => /no such image/i.test(text),
    message: (text) => `There is no image ${/no such image: (\S+)/i.exec(text)?.[1] ?? 'of that name'}.`,
    remedy: 'Build it with `rc build`.',
  },
  {
    code: 'container-name-taken',
    matches: (fault, text) => fault.statusCode === 409 && /name ".*" is already in use/i.test(text),
    message: (text) => `A container called ${/name "\/?([^"]+)"/i.exec(text)?.[1] ?? 'that'} already exists.`,
    remedy: 'Look at it with `rc list --all`, and remove it with `rc kill`.',
  },
  {
    code: 'container-missing',
    matches: (fault, text) => fault.statusCode === 404 && /no such container/i.test(text),
    message: () => 'That container is gone.',
    remedy: 'See what is there with `rc list --all`.',
  },
  {
    code: 'mount-missing',
    matches: (_, text) => /bind source path does not exist/i.test(text),
    message: (text) =>
      `Docker cannot find the folder ${/does not exist: (\S+)/i.exec(text)?.[1] ?? 'to mount'}.`,
    remedy: 'Docker must run on this machine and see the same files; check DOCKER_HOST.',
  },
  {
    code: 'disk-full',
    matches: (_, text) => /no space left on device/i.test(text),
    message: () => 'The disk that Docker uses is full.',
    remedy: 'Free some space, for example with `docker system prune`.',
  },
]

/** The same fault as a sentence with a remedy. Errors that already are one pass through. */
export function toContainerError(error: unknown, doing: string, socket: string): ContainerError {
  if (error instanceof ContainerError) return error
  const fault = (typeof error === 'object' && error !== null ? error : {}) as EngineFault
  // Where the body could not be read dockerode's own words remain, which begin with the status.
  const text =
    fault.json?.message ?? (fault.message ?? String(error)).replace(/^\(HTTP code \d+\) [^-]*- /, '')
  const known = KNOWN.find((candidate) => candidate.matches(fault, text))
  if (known)
    return new ContainerError(known.code, known.message(text, socket), known.remedy, { cause: error })
  return new ContainerError(
    'docker-failed',
    `Docker could not ${doing}: ${text.trim().replace(/\.$/, '')}.`,
    'See what the engine says: `docker info`, and its own log.',
    { cause: error },
  )
}
