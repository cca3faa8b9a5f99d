/** A small mail server of nobody's (RFC 5321, AUTH PLAIN), which keeps what it takes and can refuse as one does. */

import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import type { Received, Reply } from '../recorder.ts'
import type { StandIn } from './stand-in.ts'

const USER = 'me@example.org'
const PASSWORD = 'pass%word:1'
const LONGEST_LINE = 998

type Mail = { headers: Map<string, string>; text: string }

export async function startStandIn(): Promise<StandIn> {
  const broken: string[] = []
  const mails: Mail[] = []
  const received: Received[] = []
  const next: Reply[] = []
  const sockets = new Set<Socket>()

  /** One conversation. What comes next is told when the mail itself has come. */
  function serve(socket: Socket): void {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    const say = (line: string) => socket.write(`${line}\r\n`)
    let text = ''
    let isData = false
    let isKnown = false
    say('220 mail.test ESMTP')
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      for (;;) {
        const end = text.indexOf(isData ? '\r\n.\r\n' : '\r\n')
        if (end < 0) return
        const part = text.slice(0, end)
        text = text.slice(end + (isData ? 5 : 2))
        if (isData) {
          isData = false
          takeMail(part, socket, say)
        } else command(part)
      }
    })

    function command(line: string): void {
      const [verb = ''] = line.toUpperCase().split(' ')
      if (verb === 'EHLO') return void say('250-mail.test\r\n250 AUTH PLAIN')
      if (verb === 'AUTH') {
        const [, user, password] = Buffer.from(line.split(' ')[2] ?? '', 'base64')
          .toString('utf8')
          .split('\0')
        isKnown = user === USER && password === PASSWORD
        return void say(isKnown ? '235 ok' : '535 5.7.8 authentication failed')
      }
      if (verb === 'QUIT') return void socket.end('221 bye\r\n')
      if (!isKnown) broken.push(`${verb} before AUTH`)
      isData = verb === 'DATA'
      say(isData ? '354 go on' : '250 ok')
    }
  }

  function takeMail(source: string, socket: Socket, say: (line: string) => void): void {
    received.push({ method: 'DATA', path: '', headers: {}, body: source })
    const reply = next.shift()
    if (reply === 'no answer') return
    if (reply === 'connection lost') return void socket.destroy()
    if (reply !== undefined && 'status' in reply)
      return void say(reply.status === 550 ? '550 5.1.1 no such user' : '451 4.3.0 try later')
    if (source.split('\r\n').some((line) => line.length > LONGEST_LINE)) broken.push('a line is too long')
    mails.push(read(source))
    say('250 taken')
  }

  const server = createServer(serve)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  const user = encodeURIComponent(USER)
  return {
    recorder: {
      ...{ url: `smtp://127.0.0.1:${port}`, received, next, cut },
      close(): Promise<void> {
        cut()
        return new Promise((resolve) => server.close(() => resolve()))
      },
    },
    notifications: {
      email: {
        smtp_url: `smtp://${user}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`,
        from: 'rc@example.org',
        to: 'me@example.org',
      },
    },
    broken,
    shown: () =>
      mails.map(({ headers, text }) => {
        const [, message = text, url = null] = /^(.*)\n\n(https?:\S+)$/s.exec(text) ?? []
        return { title: decodeWords(headers.get('subject') ?? ''), message, url, urlTitle: null }
      }),
    ended: () => [],
    refusal: { status: 550, body: null },
  }
}

function read(source: string): Mail {
  const [head = '', ...rest] = source.split('\r\n\r\n')
  const lines = head.replace(/\r\n[ \t]/g, ' ').split('\r\n')
  const headers = new Map(
    lines.map((line) => [line.split(':')[0]?.toLowerCase() ?? '', line.slice(line.indexOf(':') + 1).trim()]),
  )
  const body = Buffer.from(rest.join('').replaceAll('\r\n', ''), 'base64').toString('utf8')
  return { headers, text: body.replaceAll('\r\n', '\n').trimEnd() }
}

/** Encoded words of a header (RFC 2047). What stands between two of them is nothing. */
function decodeWords(text: string): string {
  return text.replace(/\?=\s+=\?/g, '?==?').replace(/(?:=\?utf-8\?[bq]\?[^?]*\?=)+/gi, (words) =>
    Buffer.concat(
      [...words.matchAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi)].map(([, kind = '', coded = '']) =>
        kind.toLowerCase() === 'b'
          ? Buffer.from(coded, 'base64')
          : Buffer.from(
              coded
                .replaceAll('_', ' ')
                .replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
              'latin1',
            ),
      ),
    ).toString('utf8'),
  )
}
