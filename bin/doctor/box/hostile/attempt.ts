/** What one attempt to get out of the box is, and the facts that the hostile program is given. Types, and three words. */
import type { NetworkMode } from '../../../../container/options.ts'

/**
 * `reported`: cannot be prevented inside, and Remote Claude says so on the host before anything obeys it. `works`: a
 * control, which has to succeed for the refusals to mean anything.
 */
export type Outcome = 'stopped' | 'reported' | 'ESCAPED' | 'not-tried' | 'works'

/** `by` is a sentence without the final stop: what stopped it, or what came of it. */
export type Verdict = { outcome: Outcome; by: string }

export type Attempt = {
  id: string
  group: string
  tried: string
  run(): Promise<Verdict>
}

/** Something that cannot be kept from being written into a workspace. */
export type Plant = {
  id: string
  tried: string
  /** What of the workspace has to be named in a report about it. */
  at: string
  /** What reads it asks nobody, so that only a report helps. */
  isRead?: boolean
  /** `program` is what whoever obeys it would run. */
  put(workspace: string, program: string): Promise<unknown>
}

export type AttemptReport = Omit<Attempt, 'run'> & Verdict

/** What the host prepared. Paths are the host's own unless said otherwise; everything named exists there. */
export type Facts = {
  mode: NetworkMode
  /** Stands in every canary: who reads it from a place of the host has got out. */
  secret: string
  workspace: string
  /** A throwaway home folder, which stands for the user's. */
  home: string
  /** Files of that home, and of other sessions, that hold the secret. */
  secretFiles: string[]
  /** Files of the host whose mere presence inside would be a leak. */
  hiddenFiles: string[]
  /** Addresses of the host, loopback not included. */
  addresses: string[]
  /** Ports of listeners that send the secret to whoever connects. */
  ports: {
    /** On 0.0.0.0, and on :: where there is IPv6. */
    everywhere: number
    /** On 127.0.0.1, and on ::1 where there is IPv6. */
    loopback: number
    udp: number
    /** An HTTP server on 127.0.0.1 that the allowlist names as host.docker.internal:PORT. */
    listed: number
    phone: number
  }
  /** Another container, on Docker's own network, that sends the secret. */
  neighbour: { address: string; port: number }
  /** Unix sockets of the host that somebody answers. */
  sockets: { what: string; path: string }[]
  /** Name of a listening abstract unix socket, without the leading NUL. */
  abstractSocket: string
  /** A question that another session has open. */
  foreignAsk: string
  /** A process of the host with the secret among its arguments. */
  hostPid: number
  /** The limit of the box, to be found inside. */
  limits: { memory: number; pids: number }
  /** Where things are inside. */
  inside: {
    hookDoor: string
    egressDoor: string
    gate: string
    hooks: string
    seed: string
    managedSettings: string
    image: string
    proxyPort: number
  }
}

export const stopped = (by: string): Verdict => ({ outcome: 'stopped', by })
export const escaped = (by: string): Verdict => ({ outcome: 'ESCAPED', by })
export const reported = (by: string): Verdict => ({ outcome: 'reported', by })
export const notTried = (by: string): Verdict => ({ outcome: 'not-tried', by })
