/** Finding containers and working in them. Part of container/docker/engine.ts. */

import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { type EngineAccess, ignoreStatus } from './client.ts'
import { collectOutput } from './exec-output.ts'

/** A container as it describes itself to the engine. */
export type FoundContainer = {
  id: string
  name: string
  /** Docker's own word: created, running, paused, restarting, exited, removing, dead. */
  state: string
  /** When it was started last, in milliseconds since 1970. */
  startedAt: number
  image: string
  /** Operating system of its programs: linux, windows. */
  platform: string
  /** Whom its programs run as when nobody says otherwise; empty for root. */
  user: string
  environment: Record<string, string>
  labels: Record<string, string>
  hasReadonlyRoot: boolean
  /** `type` is bind, volume or tmpfs; `source` is a path of this machine, a volume's name, or empty. */
  mounts: { type: string; source: string; target: string; isWritable: boolean }[]
  /** `gateway` is the engine's own address on a network, where it has one. */
  networks: { name: string; gateway: string | null }[]
}

/** How a command has ended. Null for one that goes on after it has closed its output. */
export type Ended = { exitCode: number | null; stdout: string; stderr: string }

type Command = {
  /** Name or number; empty for the container's own. */
  user: string
  /** What it may read, to its end; nothing when not given. */
  stdin?: string
  /** On top of the container's own. */
  environment?: Record<string, string>
  timeoutMs?: number
}

const TIMEOUT_MS = 30_000
/** What Docker takes for a name or an id. It becomes part of an address, so nothing else may be asked for. */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/

const inspect = (docker: EngineAccess['docker'], name: string) => docker.getContainer(name).inspect()
type Inspected = Awaited<ReturnType<typeof inspect>>

/** Finds containers, runs commands in them and copies into them. */
export function createExecCalls({ docker, tell }: EngineAccess) {
  async function exec(id: string, argv: readonly string[], { user, stdin, environment = {} }: Command) {
    return await docker.getContainer(id).exec({
      Cmd: [...argv],
      AttachStdin: stdin !== undefined,
      AttachStdout: true,
      AttachStderr: true,
      Tty: false,
      // The container's own may name what is only there for its programs, and then no Node of ours starts.
      Env: ['NODE_OPTIONS=', ...Object.entries(environment).map(([name, value]) => `${name}=${value}`)],
      ...(user === '' ? {} : { User: user }),
    })
  }

  return {
    /** The container of that name or id, in whatever state; null when there is none. */
    async findContainer(name: string): Promise<FoundContainer | null> {
      if (!NAME.test(name)) return null
      const found = await tell('look at the container', () => inspect(docker, name).catch(ignoreStatus(404)))
      return found ? toFound(found) : null
    },

    /** Runs a command in a running container to its end. One that is not there ends with 126 or 127. Throws `command-endless`. */
    async execIn(
      id: string,
      argv: readonly string[],
      { timeoutMs = TIMEOUT_MS, ...how }: Command,
    ): Promise<Ended> {
      return await tell('run a command in the container', async () => {
        const { stdin } = how
        const command = await exec(id, argv, how)
        const stream = await command.start({ hijack: true, stdin: true })
        if (stdin !== undefined) stream.end(stdin)
        const said = await collectOutput(stream, { timeoutMs })
        return { exitCode: await exitCodeOf(command), ...said }
      })
    },

    /**
     * Runs a command in a running container. The stream takes its stdin and gives its output as the engine frames it;
     * the command's stdin ends with the stream.
     */
    async runIn(id: string, argv: readonly string[]): Promise<Duplex> {
      return await tell('run a command in the container', async () => {
        const streams = { AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: false }
        const exec = await docker.getContainer(id).exec({ Cmd: [...argv], ...streams })
        return await exec.start({ hijack: true, stdin: true })
      })
    },

    /** Starts a command in a running container; the stream is as that of `runIn`. */
    async runAs(id: string, user: string, argv: readonly string[]): Promise<Duplex> {
      return await tell('run a command in the container', async () =>
        (await exec(id, argv, { user, stdin: '' })).start({ hijack: true, stdin: true }),
      )
    },

    /** Unpacks a tar in a folder of the container, with the owners and modes that it names. */
    async putInto(id: string, folder: string, tar: NodeJS.ReadableStream): Promise<void> {
      await tell('copy into the container', () => docker.getContainer(id).putArchive(tar, { path: folder }))
    },
  }
}

type Exec = { inspect(): Promise<{ Running: boolean; ExitCode: number | null }> }

/** The stream ends a moment before the engine knows how the command has. */
async function exitCodeOf(command: Exec): Promise<number | null> {
  for (let tries = 0; tries < 50; tries += 1) {
    const { Running, ExitCode } = await command.inspect()
    if (!Running) return ExitCode
    await sleep(20)
  }
  return null
}

function toFound({ Id, Name, State, Platform, Config, HostConfig, Mounts, NetworkSettings }: Inspected) {
  const mounts = Mounts.map(({ Type, Name, Source, Destination, RW }) => ({
    type: Type ?? 'volume',
    source: Name ?? Source,
    target: Destination,
    isWritable: RW,
  }))
  const tmpfs = Object.keys(HostConfig.Tmpfs ?? {}).map((target) => ({
    type: 'tmpfs',
    source: '',
    target,
    isWritable: true,
  }))
  return {
    id: Id,
    name: Name.replace(/^\//, ''),
    state: State.Status,
    startedAt: Date.parse(State.StartedAt),
    image: Config.Image,
    platform: Platform,
    user: Config.User,
    environment: Object.fromEntries((Config.Env ?? []).map(toPair)),
    labels: Config.Labels ?? {},
    hasReadonlyRoot: HostConfig.ReadonlyRootfs ?? false,
    mounts: [...mounts, ...tmpfs],
    networks: Object.entries(NetworkSettings.Networks ?? {}).map(([name, { Gateway }]) => ({
      name,
      gateway: Gateway || null,
    })),
  } satisfies FoundContainer
}

function toPair(line: string): [string, string] {
  const at = line.indexOf('=')
  return at === -1 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)]
}
