/** Hands pushes to services, writes down what became of them, and takes them back. No call rejects. */
import { type Ask, toView } from '../asks/ask.ts'
import { describeOutcome } from '../asks/outcome-words.ts'
import type { Rule } from '../attention/decide.ts'
import type { Audit } from '../audit/audit.ts'
import type { Clock, Log, Push, PushButton, PushEnd, PushService, PushServices } from '../ports.ts'
import type { AskId } from '../protocol.ts'
import type { Store } from '../store/store.ts'
import { toPush } from './words/ask-push.ts'

/** Nobody looks for an older one. */
const DAY_MS = 86_400_000

type How = { step: number; because: Because; buttonsFor?: (service: string) => readonly PushButton[] }

/** Why a push left, for whoever reads the audit: no rule held it, nobody had answered, or a person wanted it. */
export type Because = Rule | 'escalated' | 'crowd' | 'reminder' | 'test'

type Parts = { store: Store; audit: Audit; services: PushServices; clock: Clock; log: Log }

export function createSending({ store, audit, services, clock, log }: Parts) {
  /** Sends one push for these asks through these services; tells whether any of them took it. */
  async function send(
    asks: readonly Ask[],
    push: Push,
    to: readonly PushService[],
    { buttonsFor = () => [], ...how }: How,
  ): Promise<boolean> {
    const taken = await Promise.all(
      to.map(async (service) => {
        try {
          const receipt = await service.send({ ...push, buttons: buttonsFor(service.name) })
          for (const ask of asks) {
            store.addPush(ask.id, { ...receipt, ...how, at: clock.now(), error: null, code: null })
            audit.record(ask, 'pushed', { service: service.name, ...(how.because !== 'at-once' && how) })
            // It ended before there was anything to take back.
            if (store.byId(ask.id)?.state !== 'pending') void withdraw(ask.id, service.name)
          }
          return true
        } catch (error) {
          const message = messageOf(error)
          for (const ask of asks) {
            log('warn', 'a push was not delivered', { ask: ask.id, service: service.name, error: message })
            store.addPush(ask.id, {
              ...{ service: service.name, ref: null, ...how },
              ...{ at: clock.now(), error: message, code: codeOf(error) },
            })
            audit.record(ask, 'push-failed', { service: service.name, error: message })
          }
          return false
        }
      }),
    ).catch((error) => {
      log('error', 'a push could not be recorded', {
        asks: asks.map(({ id }) => id),
        error: messageOf(error),
      })
      return [false]
    })
    return taken.includes(true)
  }

  /** Takes back what was sent for an ask that has ended, where the service can. */
  async function withdraw(id: AskId, only?: string): Promise<void> {
    const end = endOf(store.byId(id), clock.now())
    if (end === null) return
    await Promise.all(
      store.pushesOf(id).map(async (push) => {
        const service = services().find((one) => one.name === push.service)
        if (push.error !== null || push.ending !== null || service?.withdraw === undefined) return
        if (only !== undefined && only !== service.name) return
        const asks = push.ref === null ? [id] : store.asksOfPush(push.service, push.ref)
        // It stands for others as well, which still wait.
        if (asks.some((one) => store.byId(one)?.state === 'pending')) return
        try {
          const ending = await service.withdraw(push, asks.length > 1 ? endOfAll(end, asks.length) : end)
          if (ending === null) return
          for (const one of asks) {
            store.endPush(one, push, ending)
            const ask = store.byId(one)
            if (ask !== null) audit.record(ask, `push-${ending}`, { service: service.name })
          }
        } catch (error) {
          log('warn', 'a push was not taken back', {
            ask: id,
            service: service.name,
            error: messageOf(error),
          })
        }
      }),
    )
  }

  /** Does what a responder before this one was kept from, or a service was not there for. */
  function catchUp(): void {
    for (const id of store.unendedPushes(clock.now() - DAY_MS)) void withdraw(id)
  }

  return { send, withdraw, catchUp }
}

/** What one push says in the end that stood for many. */
function endOfAll(end: PushEnd, count: number): PushEnd {
  return { ...end, title: `${end.session}: ${count} questions`, message: '', words: 'All of them are over.' }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function codeOf(error: unknown): string | null {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code : null
}

function endOf(ask: Ask | null, now: number): PushEnd | null {
  if (ask === null || ask.state === 'pending') return null
  const { id, state, because, answer, answeredBy: by, endedAt, sessionName: session } = ask
  const { title, message } = toPush(ask, null, 'default')
  const [words = ''] = describeOutcome(toView(ask, null), endedAt ?? now)
  const said = { because, answer: answer?.answer ?? null, by, at: endedAt ?? 0 }
  return { ask: id, state, ...said, words, session, title, message }
}
