/**
 * Sends a mail through somebody's mail server. The library is loaded with the first one: most people have none to send.
 *
 *   taken by the server ── sent, whatever becomes of it there
 *   4xx, no answer ─────── again after a pause of the service's
 *   5xx, a wrong login ─── refused: never repeated
 */
import type { Clock } from '../ports.ts'
import { brief } from '../text/preview.ts'
import { PushError } from './http/errors.ts'
import { wait } from './http/wait.ts'
import type { PushTools } from './port.ts'

const ANSWER_MS = 10_000
const WORDS = 200

type Parts = { label: string; pausesMs: readonly number[]; clock: Clock; answerMs?: number }
/** What an error of the library has beside its message (nodemailer 10.6). */
type MailError = { message: string; code?: string; response?: string; responseCode?: number }

export function createMail({ label, pausesMs, clock, answerMs = ANSWER_MS }: Parts): PushTools['mail'] {
  return async (server, mail, signal) => {
    const pauses = [...pausesMs]
    for (;;) {
      signal?.throwIfAborted()
      try {
        return await sendOnce(server, mail, signal)
      } catch (error) {
        signal?.throwIfAborted()
        const failure = toFailure(error as MailError)
        const pause = failure.code === 'push-unreachable' ? pauses.shift() : undefined
        if (pause === undefined) throw failure
        await wait(clock, pause, signal)
      }
    }
  }

  async function sendOnce(...[server, mail, signal]: Parameters<PushTools['mail']>): Promise<string> {
    const { createTransport } = await import('nodemailer')
    const { hostname, port, protocol, username, password } = new URL(server)
    const secure = protocol === 'smtps:'
    const transport = createTransport({
      ...{ host: hostname, port: Number(port) || (secure ? 465 : 587), secure },
      // On the way to this very machine nobody reads along.
      requireTLS: !secure && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname),
      ...(username !== '' && {
        auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
      }),
      ...{ connectionTimeout: answerMs, greetingTimeout: answerMs, socketTimeout: answerMs },
      ...{ disableFileAccess: true, disableUrlAccess: true },
    })
    const stop = () => transport.close()
    try {
      const { promise: aborted, reject } = Promise.withResolvers<never>()
      const abort = () => reject(signal?.reason)
      signal?.addEventListener('abort', abort, { once: true })
      const { messageId } = await Promise.race([
        transport.sendMail({ ...mail, textEncoding: 'base64' }),
        aborted,
      ])
      signal?.removeEventListener('abort', abort)
      return messageId
    } finally {
      stop()
    }
  }

  /** The library's own sentence may hold the address; the server's does not know our password. */
  function toFailure({ message, code, response = '', responseCode = 0 }: MailError): PushError {
    const words = brief(response || (code ?? message), WORDS)
    if (responseCode >= 500 || code === 'EAUTH')
      return new PushError(
        'push-refused',
        `${label} was refused by its server: ${words}.`,
        'Check its settings in the configuration.',
      )
    const remedy = 'Check the network and whether the mail server is up.'
    return new PushError('push-unreachable', `${label} could not be sent: ${words}.`, remedy)
  }
}
