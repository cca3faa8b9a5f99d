/** Pushes on their way: sent once per ask, their fate written down, taken back when the ask has ended. */
import type { Ask } from './ask.ts'
import { toPush } from './attention.ts'
import type { Audit } from './audit.ts'
import type { Clock, Log, PushEnd, PushService } from './ports.ts'
import type { AskId } from './protocol.ts'
import type { Store } from './store.ts'

type Options = { store: Store; audit: Audit; push: readonly PushService[]; clock: Clock; log: Log }

/** Neither call rejects: a push that fails is recorded, and the ask lives on. */
export function createDeliveries({ store, audit, push: services, clock, log }: Options) {
  async function deliver(ask: Ask, url: string | null): Promise<void> {
    // Remote Control (2.1.199 and later) has rung the phone already.
    if (ask.context.remote_control) return audit.record(ask, 'push-left-out', { because: 'remote-control' })
    const push = toPush(ask, url)
    await Promise.all(
      services.map(async (service) => {
        try {
          const receipt = await service.send(push)
          store.addPush(ask.id, receipt, clock.now(), null)
          audit.record(ask, 'pushed', { service: service.name })
          // It ended before there was anything to take back.
          if (store.byId(ask.id)?.state !== 'pending') void withdraw(ask.id, service.name)
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error)
          log('warn', 'a push was not delivered', { ask: ask.id, service: service.name, error: message })
          store.addPush(ask.id, { service: service.name, ref: null }, clock.now(), message)
          audit.record(ask, 'push-failed', { service: service.name, error: message })
        }
      }),
    ).catch((error: Error) =>
      log('error', 'a push could not be recorded', { ask: ask.id, error: error.message }),
    )
  }

  async function withdraw(id: AskId, only?: string): Promise<void> {
    const end = endOf(store.byId(id))
    if (end === null) return
    await Promise.all(
      store.pushesOf(id).map(async (receipt) => {
        const service = services.find((one) => one.name === receipt.service)
        if (service?.withdraw === undefined || (only !== undefined && only !== service.name)) return
        try {
          await service.withdraw(receipt, end)
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error)
          log('warn', 'a push was not taken back', { ask: id, service: service.name, error: why })
        }
      }),
    )
  }

  return { deliver, withdraw }
}

function endOf(ask: Ask | null): PushEnd | null {
  if (ask === null || ask.state === 'pending') return null
  const { id, state, because, answer, answeredBy, endedAt } = ask
  return { ask: id, state, because, answer: answer?.answer ?? null, by: answeredBy, at: endedAt ?? 0 }
}
