/** Has every service listen that brings answers back, for as long as it is set up. */
import type { Log, PushAnswer, PushService, PushServices, Told } from '../ports.ts'
import type { Store } from '../store/store.ts'

type Parts = {
  services: PushServices
  store: Pick<Store, 'pushMemory' | 'setPushMemory'>
  answer(service: string, given: PushAnswer): Promise<Told>
  log: Log
}

export function createListening({ services, store, answer, log }: Parts) {
  const running = new Map<PushService, () => void>()
  const troubles = new Map<string, string>()

  /** Starts and stops what the configuration has changed. */
  function follow(): void {
    const wanted = services()
    for (const [service, stop] of running) {
      if (wanted.includes(service)) continue
      stop()
      running.delete(service)
      troubles.delete(service.name)
    }
    for (const service of wanted) if (!running.has(service)) start(service)
  }

  function start(service: PushService): void {
    const { name } = service
    const listener = service.listen?.({
      answer: (given) => answer(name, given),
      memory: { get: () => store.pushMemory(name), set: (text) => store.setPushMemory(name, text) },
      trouble(why) {
        if (why === (troubles.get(name) ?? null)) return
        if (why === null) {
          troubles.delete(name)
          log('info', 'a push service brings answers back again', { service: name })
          return
        }
        troubles.set(name, why)
        log('warn', 'a push service brings no answers back at the moment', { service: name, why })
      },
    })
    if (listener !== undefined) running.set(service, listener.stop)
  }

  return {
    follow,
    /** Why a service brings no answers back at the moment, by its name. */
    troubles: (): Record<string, string> => Object.fromEntries(troubles),
    close(): void {
      for (const stop of running.values()) stop()
      running.clear()
    },
  }
}
