/** Sends one push through the services of the configuration, each on its own, and tells what each of them said. */
import type { Push, PushService } from '../../server/ports.ts'
import type { Output } from '../cli/output.ts'

type Sent = { service: string; ms: number; error: string | null }

/** A line for each service as soon as it has answered. Gives what became of each. */
export async function sendThrough(
  services: readonly PushService[],
  push: Push,
  { print }: Pick<Output, 'print'>,
): Promise<Sent[]> {
  return await Promise.all(
    services.map(async ({ name, send }) => {
      const began = performance.now()
      const error = await send(push).then(
        () => null,
        ({ message, remedy = '' }: Error & { remedy?: string }) => `${message} ${remedy}`.trim(),
      )
      const ms = Math.round(performance.now() - began)
      print(error === null ? `${name}: taken in ${ms} ms` : `${name}: ${error}`)
      return { service: name, ms, error }
    }),
  )
}
