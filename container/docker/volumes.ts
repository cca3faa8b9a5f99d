/** What gates need of the Docker engine beyond what sessions do. Part of container/docker/engine.ts. */

import type { Duplex } from 'node:stream'
import type { EngineAccess, EngineDescription } from './client.ts'

export function createGateCalls({ docker, tell }: EngineAccess) {
  return {
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

    async start(id: string): Promise<void> {
      await tell('start the container', () => docker.getContainer(id).start())
    },

    /** Resolves with its exit code when a container has ended. */
    async wait(id: string): Promise<number> {
      return (await tell('wait for the container', () => docker.getContainer(id).wait())).StatusCode
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

    /** Names and labels of the volumes that carry all of these labels. */
    async listVolumes(
      labels: Record<string, string>,
    ): Promise<{ name: string; labels: Record<string, string> }[]> {
      const label = Object.entries(labels).map(([key, value]) => `${key}=${value}`)
      const { Volumes } = await tell('list volumes', () => docker.listVolumes({ filters: { label } }))
      return (Volumes ?? []).map(({ Name, Labels }) => ({ name: Name, labels: Labels ?? {} }))
    },

    /** Resolves when it is gone already. */
    async removeVolume(name: string): Promise<void> {
      await tell('remove the volume', async () => {
        await docker
          .getVolume(name)
          .remove()
          .catch((error: { statusCode?: number }) => {
            if (error.statusCode !== 404) throw error
          })
      })
    },
  }
}
