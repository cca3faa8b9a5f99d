/** What we do with volumes. Part of container/docker/engine.ts. */

import { type EngineAccess, ignoreStatus } from './client.ts'

export function createVolumeCalls({ docker, tell }: EngineAccess) {
  return {
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
        await docker.getVolume(name).remove().catch(ignoreStatus(404))
      })
    },
  }
}
