/** What the contract test needs of a service's stand-in. One file for each service, called like it. */
import type { Recorder } from '../recorder.ts'

export type StandIn = {
  recorder: Recorder
  /** What the configuration holds below `notifications` to reach it. */
  notifications: object
  /** What was sent against the service's documented rules; a product that keeps them leaves this empty. */
  broken: string[]
  /** What a person sees, in the order in which it came. */
  shown(): { title: string; message: string; url: string | null; urlTitle: string | null }[]
  /** Asks of which the service was told that they are over. */
  ended(): string[]
  /** A refusal as the service documents it. */
  refusal: { status: number; body: unknown }
}
