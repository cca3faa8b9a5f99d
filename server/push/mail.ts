/**
 * Sends a mail through somebody's mail server. The library is loaded with the first one: most people have none to send.
 *
 *   taken by the server ── sent, whatever becomes of it there
 *   4xx, no answer ─────── again after a pause of the service's
 *   5xx, a wrong login ─── refused: never repeated
 */
import { randomUUID } from 'node:crypto'
import { connect as connectTo, type Socket } from 'node:net'
import type { Clock } from '../ports.ts'
import { brief } from '../text/preview.ts'
import { PushError } from './http/errors.ts'
import { wait } from './http/wait.ts'
import type { PushTools } from './port.ts'

const MINUTE_MS = 60_000
/** For each answer of the server, and for all of a conversation. */
const ANSWER_MS = 10_000
const CONVERSATION_MS = 30_000
const WORDS = 200

type Parts = {
  label: string
  pausesMs: readonly number[]
  clock: Clock
  answerMs?: number
  conversationMs?: number
  connect?: (port: number, host: string) => Socket
}
type Mail = Parameters<PushTools['mail']>[1] & { messageId: string }
type MailServer = ReturnType<typeof readServer>
/** What an error of the library has beside its message (nodemailer 10.6). */
type MailError = { message: string; code?: string; response?: string; responseCode?: number }

export function createMail({ label, pausesMs, clock, ...parts }: Parts): PushTools['mail'] {
  const { answerMs = ANSWER_MS, conversationMs = CONVERSATION_MS, connect = connectTo } = parts

  return async (address, given, signal) => {
    const server = readServer(address)
    // The same for every try: of two that came, a mail program shows one.
    const mail = { ...given, messageId: `<${randomUUID()}@${given.from.split('@').at(-1)}>` }
    const until = clock.now() + MINUTE_MS
    const pauses = [...pausesMs]
    for (;;) {
      signal?.throwIfAborted()
      const limit = AbortSignal.timeout(Math.max(1, Math.min(conversationMs, until - clock.now())))
      try {
        await sendOnce(server, mail, signal === undefined ? limit : AbortSignal.any([limit, signal]))
        return mail.messageId
      } catch (error) {
        signal?.throwIfAborted()
        const failure = toFailure(error as MailError, server)
        const pause = failure.code === 'push-unreachable' ? pauses.shift() : undefined
        if (pause === undefined || clock.now() + pause >= until) throw failure
        await wait(clock, pause, signal)
      }
    }
  }

  async function sendOnce(server: MailServer, mail: Mail, end: AbortSignal): Promise<void> {
    const { createTransport } = await import('nodemailer')
    const { host, port, secure, isNear, user, password } = server
    const socket = connect(port, host)
    const transport = createTransport({
      ...{ host, port, secure },
      // On the way to this very machine nobody reads along, and its certificate is often its own.
      ...(isNear ? { tls: { rejectUnauthorized: false } } : { requireTLS: !secure }),
      ...(user !== '' && { auth: { user, pass: password } }),
      ...{ greetingTimeout: answerMs, socketTimeout: answerMs },
      ...{ disableFileAccess: true, disableUrlAccess: true },
      // Its own sockets go on after `close`, and so would a mail that is not wanted any more.
      getSocket(_, callback) {
        socket.once('error', callback).once('connect', () => {
          socket.off('error', callback)
          callback(null, { connection: socket })
        })
      },
    })
    const { promise: ended, reject } = Promise.withResolvers<never>()
    const stop = () => reject(end.reason)
    end.addEventListener('abort', stop, { once: true })
    try {
      end.throwIfAborted()
      await Promise.race([transport.sendMail({ ...mail, textEncoding: 'base64' }), ended])
    } catch (error) {
      socket.on('error', () => {}).destroy()
      throw error
    } finally {
      end.removeEventListener('abort', stop)
      transport.close()
    }
  }

  function toFailure(error: MailError, server: MailServer): PushError {
    const { code, responseCode = 0 } = error
    const why = whyNot(error, server)
    if (responseCode >= 500 || code === 'EAUTH')
      return new PushError(
        'push-refused',
        `${label} was refused by its server: ${why}.`,
        'Check its settings in the configuration.',
      )
    const remedy = 'Check the network and whether the mail server is up.'
    return new PushError('push-unreachable', `${label} could not be sent: ${why}.`, remedy)
  }
}

function whyNot({ message, code, response, responseCode }: MailError, server: MailServer): string {
  // The server's own words to a login may hold what it was given.
  if (code === 'EAUTH') return `it does not take the user and the password (${responseCode ?? code})`
  if (code === 'ETLS' && response) return `it has no STARTTLS (${responseCode ?? code})`
  return brief(withoutPassword(response || message, server), WORDS).replace(/\.$/, '')
}

function readServer(address: string) {
  const { hostname, port, protocol, username, password } = new URL(address)
  const host = hostname.replace(/^\[|\]$/g, '')
  const secure = protocol === 'smtps:'
  return {
    ...{ host, secure, user: decoded(username), password: decoded(password) },
    port: Number(port) || (secure ? 465 : 587),
    isNear: /^(localhost|127(\.\d+){3}|::1)$/.test(host),
  }
}

/** A % that stands for itself is taken for one. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** As it is, and as it goes over the line. */
function withoutPassword(words: string, { user, password }: MailServer): string {
  const coded = (text: string) => Buffer.from(text).toString('base64')
  return [coded(`\0${user}\0${password}`), coded(password), encodeURIComponent(password), password]
    .filter((secret) => secret !== '')
    .reduce((text, secret) => text.replaceAll(secret, '…'), words)
}
