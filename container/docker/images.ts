/** What we do with images. Part of container/docker/engine.ts. */

import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { ContainerError } from '../errors.ts'
import { type EngineAccess, ignoreStatus } from './client.ts'
import { type Progress, readEngineOutput } from './progress.ts'

/** An image on this machine. */
export type LocalImage = { id: string; tags: string[]; labels: Record<string, string> }

export function createImageCalls({ docker, tell }: EngineAccess) {
  /** Follows an operation that reports as it goes, which is how the engine builds, imports and pulls. */
  async function follow(doing: string, call: () => Promise<NodeJS.ReadableStream>, onProgress: Progress) {
    await tell(doing, async () => readEngineOutput((await call()) as Readable, onProgress))
  }

  return {
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
