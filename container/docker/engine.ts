/** The Docker engine as we use it: this file makes the client, and calls what concerns containers as a whole. */

import type { Readable } from 'node:stream'
import Docker from 'dockerode'
import { type ContainerPlan, type EngineDescription, ignoreStatus } from './client.ts'
import { toContainerError } from './errors.ts'
import { createExecCalls } from './exec.ts'
import { createImageCalls } from './images.ts'
import { findDockerSocket } from './socket.ts'
import { createVolumeCalls } from './volumes.ts'

/** A container as a listing shows it. */
export type ListedContainer = {
  id: string
  labels: Record<string, string>
  /** Docker's own word: created, running, paused, restarting, exited, removing, dead. */
  state: string
  /** Only of an exited container. */
  exitCode: number | null
  /** Milliseconds since 1970. */
  createdAt: number
}

export type Engine = ReturnType<typeof createEngine>

type Environment = Record<string, string | undefined>

const STOP_GRACE_SECONDS = 5

/** The engine that the docker command would use. Connects to nothing yet. Throws what `findDockerSocket` throws. */
export function createEngine({ env }: { env: Environment }) {
  const socket = findDockerSocket(env)
  const docker = new Docker({ socketPath: socket })

  async function tell<T>(doing: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call()
    } catch (error) {
      throw toContainerError(error, doing, socket)
    }
  }

  return {
    socket,
    ...createExecCalls({ docker, tell }),
    ...createImageCalls({ docker, tell }),
    ...createVolumeCalls({ docker, tell }),

    async ping(): Promise<void> {
      await tell('answer', () => docker.ping())
    },

    async describe(): Promise<EngineDescription> {
      const { ID, Name, OperatingSystem, KernelVersion, ServerVersion } = await tell('describe itself', () =>
        docker.info(),
      )
      return {
        id: ID,
        hostname: Name,
        system: OperatingSystem,
        kernel: KernelVersion,
        version: ServerVersion,
      }
    },

    /** Containers in every state that carry all of these labels. */
    async listContainers(labels: Record<string, string>): Promise<ListedContainer[]> {
      const label = Object.entries(labels).map(([key, value]) => `${key}=${value}`)
      const found = await tell('list containers', () =>
        docker.listContainers({ all: true, filters: { label } }),
      )
      return found.map(({ Id, Labels, State, Status, Created }) => ({
        id: Id,
        labels: Labels,
        state: State,
        exitCode: exitCodeFrom(Status),
        createdAt: Created * 1000,
      }))
    },

    /** Gives the id of the new container. */
    async createContainer(plan: ContainerPlan): Promise<string> {
      return (await tell('create the container', () => docker.createContainer(plan))).id
    },

    async start(id: string): Promise<void> {
      await tell('start the container', () => docker.getContainer(id).start())
    },

    /** Resolves with its exit code when a container has ended. */
    async wait(id: string): Promise<number> {
      return (await tell('wait for the container', () => docker.getContainer(id).wait())).StatusCode
    },

    /** Asks it to end, then ends it. Resolves when it was not running. */
    async stop(id: string, graceSeconds = STOP_GRACE_SECONDS): Promise<void> {
      await tell('stop the container', async () => {
        await docker.getContainer(id).stop({ t: graceSeconds }).catch(ignoreStatus(304))
      })
    },

    async rename(id: string, name: string): Promise<void> {
      await tell('rename the container', () => docker.getContainer(id).rename({ name }))
    },

    /** Ends and removes it, with its anonymous volumes. Resolves when it is gone already. */
    async remove(id: string): Promise<void> {
      await tell('remove the container', async () => {
        await docker.getContainer(id).remove({ force: true, v: true }).catch(ignoreStatus(404))
      })
    },

    /** Numbers of its processes as the engine's own machine counts them. */
    async processes(id: string): Promise<number[]> {
      const found = await tell('list the processes of the container', () =>
        docker.getContainer(id).top({ ps_args: '-o pid' }),
      )
      return (found.Processes as string[][]).map(([pid]) => Number(pid))
    },

    /** What the container's terminal printed, raw. Ends with the container when `follow`, else at once. */
    async logs(id: string, { follow }: { follow: boolean }): Promise<AsyncIterable<Buffer>> {
      const container = docker.getContainer(id)
      return await tell('read the log of the container', async () =>
        follow
          ? ((await container.logs({ follow: true, stdout: true, stderr: true })) as unknown as Readable)
          : [await container.logs({ follow: false, stdout: true, stderr: true })],
      ).then(toChunks)
    },
  }
}

/** Docker puts the exit code of a listed container into its status text only: `Exited (137) 2 hours ago`. */
function exitCodeFrom(status: string): number | null {
  const code = /^Exited \((-?\d+)\)/.exec(status)?.[1]
  return code === undefined ? null : Number(code)
}

async function* toChunks(source: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncIterable<Buffer> {
  yield* source
}
