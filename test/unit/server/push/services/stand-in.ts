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
  /** The buttons of each thing shown, as its app would show them: of services that have buttons. */
  buttons?(): { label: string; code: string }[][]
  /** What a person does in the app: presses a button of the thing shown there, or sends a text as the reply to it. */
  tap?(at: number, label: string): Promise<void>
  type?(at: number, text: string): Promise<void>
  /** Who that person is, as the service tells it; null where it does not. */
  person?: string | null
}
