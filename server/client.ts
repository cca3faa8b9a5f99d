/** The owner's side of the owner door, for the command line. */

import { Agent, request } from 'undici'
import type { Level, Mood } from './attention/decide.ts'
import type { TestOfPushes } from './desk/tests.ts'
import type { PairingKind, PairingView } from './devices/pairing.ts'
import { CALLER } from './doors/person.ts'
import { Problem, problem } from './errors.ts'
import type {
  AuditView,
  Device,
  Guest,
  NewGuest,
  Probe,
  ResponderStatus,
  SitesView,
  StandingView,
} from './owner-views.ts'
import type { Answer, AskId, AskView, ProblemView } from './protocol.ts'
import type { Reminded } from './push/reminders.ts'

export type OwnerClient = ReturnType<typeof createOwnerClient>

/** Every call throws `responder-not-running` when nobody listens, and the responder's own problem otherwise. */
export function createOwnerClient(socketPath: string) {
  const headers = { [CALLER]: String(process.pid) }

  async function call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    const dispatcher = new Agent({ connect: { socketPath }, keepAliveTimeout: 1 })
    try {
      const response = await request(`http://owner${path}`, {
        method,
        dispatcher,
        headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }).catch((error: NodeJS.ErrnoException) => {
        throw ABSENT.has(error.code ?? '') ? problem('responder-not-running') : error
      })
      const text = await response.body.text()
      if (response.statusCode >= 400) throw toError(response.statusCode, text)
      return (text === '' ? undefined : JSON.parse(text)) as T
    } finally {
      await dispatcher.close()
    }
  }

  return {
    status: () => call<ResponderStatus>('GET', '/status'),
    asks: (all: boolean) => call<AskView[]>('GET', all ? '/asks?all=1' : '/asks'),
    /** The ask of that whole id, however old; null when there is none. */
    ask: (id: string) =>
      call<AskView>('GET', `/asks/${encodeURIComponent(id)}`).catch((error: unknown) => {
        if (error instanceof Problem && error.code === 'not-found') return null
        throw error
      }),
    answer: (id: string, given: Answer) =>
      call<{ ask: AskView }>('POST', `/asks/${encodeURIComponent(id)}/answer`, given).then(({ ask }) => ask),
    /** What waits for a key in the session of that name; null when nothing does. */
    look: (session: string) =>
      call<{ ask: AskView | null }>('POST', `/sessions/${encodeURIComponent(session)}/look`).then(
        ({ ask }) => ask,
      ),
    /** Throws `claude-may-not` where a Claude has started this process, and tells the phone that it tried `command`. */
    checkPerson: (command: string) => call<void>('POST', `/person?command=${encodeURIComponent(command)}`),
    /** Asks a question that is a test; gives it, with what the services said, when they have. */
    test: (test: TestOfPushes) => call<AskView>('POST', '/tests', test),
    endTest: (id: AskId) => call<void>('POST', `/tests/${id}/end`),
    /** Rings once more for what still waits. */
    remind: () => call<Reminded[]>('POST', '/reminders'),
    /** Opens a pairing instead of any other; its secret is shown this once. */
    beginPairing: (kind: PairingKind) =>
      call<{ secret: string; until: number }>('POST', '/pairing', { kind }),
    pairing: () => call<PairingView>('GET', '/pairing'),
    /** Says yes or no to the browser of that name, which has come with the pairing's secret. */
    decidePairing: (device: string, yes: boolean) => call<void>('POST', '/pairing/decide', { device, yes }),
    cancelPairing: () => call<void>('POST', '/pairing/cancel'),
    devices: () => call<Device[]>('GET', '/devices'),
    /** Gives those that may do nothing from now on. Throws `no-such-device`. */
    revokeDevice: (name: string) => call<Device[]>('POST', '/devices/revoke', { name }),
    revokeDevices: () => call<Device[]>('POST', '/devices/revoke', { all: true }),
    standing: () => call<StandingView[]>('GET', '/standing'),
    revoke: (id: number) => call<void>('POST', `/standing/${id}/revoke`),
    /** Entries of the audit behind the one of that number; at most a thousand at once. */
    audit: (after: number) => call<AuditView[]>('GET', `/audit?after=${after}`),
    /** Claudes that we did not start, and the containers that may ask. */
    sites: () => call<SitesView>('GET', '/sites'),
    /** Has a Claude with that session id only be heard, when its hooks speak. */
    expectProbe: (id: string) => call<void>('POST', '/sites/probes', { claude_session: id }),
    /** What was heard of it so far. */
    probe: (id: string) => call<Probe>('GET', `/sites/probes/${encodeURIComponent(id)}`),
    /** Lets hooks in a container ask; the token is for one that is not reached over a gate. */
    admitGuest: (guest: NewGuest) =>
      call<{ guest: Guest; token: string | null; folder: string }>('POST', '/sites/guests', guest),
    /** From now on its hooks are not heard. */
    revokeGuest: (name: string) =>
      call<{ guest: Guest }>('POST', `/sites/guests/${encodeURIComponent(name)}/revoke`),
    forgetGuest: (name: string) => call<void>('POST', `/sites/guests/${encodeURIComponent(name)}/forget`),
    /** Has it told to whoever is away; never rejects, as the start itself is what matters. */
    startFailed: (session: string, why: string) =>
      call<void>('POST', `/sessions/${encodeURIComponent(session)}/failed`, { why }).catch(() => {}),
    /** Nothing rings for so long; 0 ends it. */
    snooze: (forMs: number) => call<Mood>('POST', '/mood', { snooze_ms: forMs }),
    /** What may ring, until an instant or for good. */
    setLevel: (level: Level, until: number | null) => call<Mood>('POST', '/mood', { level, until }),
    sync: () => call<void>('POST', '/sessions/sync'),
    stop: () => call<void>('POST', '/stop'),
  }
}

const ABSENT = new Set(['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'UND_ERR_SOCKET'])

function toError(status: number, text: string): Error {
  try {
    const { error } = JSON.parse(text) as ProblemView
    return new Problem(error.code, status, error.message, error.remedy)
  } catch {
    return new Problem('internal', status, `The responder answered ${status}.`, 'Look into its log.')
  }
}
