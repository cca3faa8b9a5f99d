/** What the files that talk to Docker Engine share: the client, its errors as sentences, and what they say of it. */
import type Docker from 'dockerode'

/** For parts of the engine that have a file of their own: dockerode, and what makes sentences of its errors. */
export type EngineAccess = { docker: Docker; tell<T>(doing: string, call: () => Promise<T>): Promise<T> }

export function ignoreStatus(...expected: number[]): (error: unknown) => undefined {
  return (error) => {
    if (!expected.includes((error as { statusCode?: number }).statusCode ?? 0)) throw error
    return undefined
  }
}

/** What a container is created from. */
export type ContainerPlan = Docker.ContainerCreateOptions & { name: string }

/** The engine, as it describes itself. */
export type EngineDescription = {
  /** Stays the same for one installation; may be empty on engines that only resemble Docker's. */
  id: string
  /** Host name, operating system and kernel of the machine the engine runs on. */
  hostname: string
  system: string
  kernel: string
  version: string
}
