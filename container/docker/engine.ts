/** The Docker engine as we use it. The only file that knows dockerode. */

import { once } from 'node:events'
import type { Readable } from 'node:stream'
import Docker from 'dockerode'
import { ContainerError } from '../errors.ts'
import { type ContainerPlan, ignoreStatus } from './client.ts'
import { toContainerError } from './errors.ts'
import { createSiteCalls } from './exec.ts'
import { type Progress, readEngineOutput } from './progress.ts'
import { findDockerSocket } from './socket.ts'
import { createGateCalls } from './volumes.ts'

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

/** An image on this machine. */
export type LocalImage = { id: string; tags: string[]; labels: Record<string, string> }

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

  /** Follows an operation that reports as it goes, which is how the engine builds, imports and pulls. */
  async function follow(doing: string, call: () => Promise<NodeJS.ReadableStream>, onProgress: Progress) {
    await tell(doing, async () => readEngineOutput((await call()) as Readable, onProgress))
  }

  return {
    socket,
    ...createGateCalls({ docker, tell }),
    ...createSiteCalls({ docker, tell }),

    async ping(): Promise<void> {
      await tell('answer', () => docker.ping())
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

    /** A local image by its tag or id, or null when there is no such image. */
    async findImage(tag: string): Promise<LocalImage | null> {
      const found = await tell('look at the image', () =>
        docker.getImage(tag).inspect().catch(ignoreStatus(404)),
      )
      return found ? { id: found.Id, tags: found.RepoTags ?? [], labels: found.Config?.Labels ?? {} } : null
    },

    /** Removes an image, and layers that only it has. Resolves when it is gone already or a container needs it. */
    async removeImage(id: string): Promise<void> {
      await tell('remove the image', async () => {
        await docker.getImage(id).remove().catch(ignoreStatus(404, 409))
      })
    },

    /** Builds with the classic builder, which every engine has. Throws `build-failed` with the failing step's output. */
    async buildImage(
      context: NodeJS.ReadableStream,
      image: { tag: string; labels: Record<string, string>; args: Record<string, string>; refresh: boolean },
      onProgress: Progress,
    ): Promise<void> {
      const options = {
        t: image.tag,
        labels: image.labels,
        buildargs: image.args,
        // Packages of an earlier build are no fresh ones.
        nocache: image.refresh,
        // Company resolvers and proxies on the host's loopback are out of reach from the bridge.
        networkmode: 'host',
        // A failed build leaves its last container behind otherwise.
        forcerm: true,
      }
      await follow('build the image', () => docker.buildImage(context, options), onProgress)
    },

    /** Makes an image of a file tree. `changes` are Dockerfile lines such as `CMD ["sh"]`. */
    async importImage(tree: NodeJS.ReadableStream, tag: string, changes: string[]): Promise<void> {
      const [repo, version = 'latest'] = tag.split(':')
      await follow(
        'import the image',
        () => docker.importImage(tree, { repo, tag: version, changes }),
        () => {},
      )
    },

    /** Fetches an image; `signal` gives up. */
    async pullImage(tag: string, { signal, onProgress }: { signal: AbortSignal; onProgress: Progress }) {
      const gaveUp = once(signal, 'abort').then(() => {
        throw new ContainerError(
          'registry-silent',
          `No registry answered for ${tag}.`,
          'Check the network, or set docker.base_image to an image that this engine can pull.',
        )
      })
      const pulled = follow(`pull ${tag}`, () => docker.pull(tag, { abortSignal: signal }), onProgress)
      await Promise.race([pulled, gaveUp])
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
