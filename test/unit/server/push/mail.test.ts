/** What a mail server may do, and what it never gets: a password in clear, a mail that nobody wants any more. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createMail } from '../../../../server/push/mail.ts'
import { createCertificate } from '../../../fixtures/certificate.ts'
import { createHurriedClock } from './create-services.ts'

const PASSWORD = 'S3cret%&horse'
const certificate = createCertificate('mail.test')

/** What the server says to each verb, `DATA` and what comes after it included; null: nothing, ever. */
let says: Record<string, string | null | (() => string | null)>
let heard: string[]
let mails: string[]
let open: Set<Socket>
let port: number
const server = createServer((raw) => {
  open.add(raw)
  raw.on('close', () => open.delete(raw)).on('error', () => {})
  let socket: Socket = raw
  let text = ''
  let isData = false
  const answer = (verb: string) => {
    const said = says[verb] === undefined ? '250 ok' : says[verb]
    const line = typeof said === 'function' ? said() : said
    if (line !== null) socket.write(`${line}\r\n`)
  }
  const read = (chunk: Buffer) => {
    text += chunk.toString('latin1')
    for (;;) {
      const mark = isData ? '\r\n.\r\n' : '\r\n'
      const end = text.indexOf(mark)
      if (end < 0) return
      const line = text.slice(0, end)
      text = text.slice(end + mark.length)
      const verb = isData ? 'MAIL SENT' : (line.split(/[ :]/)[0] ?? '')
      if (isData) mails.push(line)
      else heard.push(line)
      isData = verb === 'DATA'
      if (isData && says['DATA'] !== null) socket.write('354 go on\r\n')
      if (!isData) answer(verb)
      if (verb === 'STARTTLS') {
        raw.off('data', read)
        socket = new TLSSocket(raw, { isServer: true, ...certificate }).on('data', read).on('error', () => {})
        says['EHLO'] = '250-mail.test\r\n250 AUTH PLAIN'
      }
    }
  }
  raw.on('data', read)
  answer('HELLO')
})

beforeEach(async () => {
  says = { HELLO: '220 mail.test', EHLO: '250-mail.test\r\n250 AUTH PLAIN', AUTH: '235 ok' }
  ;[heard, mails, open] = [[], [], new Set()]
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterEach(() => {
  for (const socket of open) socket.destroy()
  return new Promise((resolve) => server.close(resolve))
})

const MAIL = { from: 'rc@example.org', to: 'me@example.org', subject: 'app', text: 'text', headers: {} }
const address = (host: string) => `smtp://me:${encodeURIComponent(PASSWORD)}@${host}:${port}`
/** Every name leads to the server of this test. */
const send = (host = '127.0.0.1', { change = {}, signal, ...limits }: Given = {}) =>
  createMail({
    ...{ label: 'E-mail', pausesMs: [5_000, 15_000], clock: createHurriedClock().clock, ...limits },
    connect: (to) => connect(to, '127.0.0.1'),
  })(address(host), { ...MAIL, ...change }, signal)
type Given = { change?: object; signal?: AbortSignal; answerMs?: number; conversationMs?: number }
const failureOf = (sent: Promise<unknown>) =>
  sent.then(
    () => expect.unreachable(),
    (error: Error & { code: string }) => error,
  )

test.each(['EHLO', 'DATA', 'MAIL SENT'])(
  'what is aborted while the answer to %s is out is not sent any more, and the connection is closed',
  async (verb) => {
    says[verb] = null
    const end = new AbortController()
    const sent = send('127.0.0.1', { signal: end.signal })
    const isThere = () =>
      verb === 'MAIL SENT' ? mails.length > 0 : heard.some((one) => one.startsWith(verb))
    await vi.waitFor(() => expect(isThere()).toBe(true))
    const before = mails.length
    end.abort(new Error('over'))
    await expect(sent).rejects.toThrow('over')
    await vi.waitFor(() => expect(open.size).toBe(0))
    expect(mails).toHaveLength(before)
  },
)

test('each try has the same Message-ID, which is the receipt', async () => {
  let times = 0
  says['MAIL SENT'] = () => (times++ === 0 ? '451 4.3.0 not now' : '250 ok')
  const id = await send()
  const ids = mails.map((mail) => /^Message-ID: (.*)$/im.exec(mail)?.[1])
  expect(ids).toEqual([id, id])
})

test('a server that talks on without end is left', async () => {
  says['EHLO'] = () => {
    const timer = setInterval(() => [...open].map((socket) => socket.write('250-more\r\n')), 5)
    for (const socket of open) socket.once('close', () => clearInterval(timer))
    return null
  }
  expect(await failureOf(send('127.0.0.1', { conversationMs: 100 }))).toMatchObject({
    code: 'push-unreachable',
  })
  await vi.waitFor(() => expect(open.size).toBe(0))
})

const plain = Buffer.from(`\0me\0${PASSWORD}`).toString('base64')
test.each([
  ['a refused login', 'AUTH', `535 5.7.8 not ${PASSWORD}`],
  ['a refused login, as it was sent', 'AUTH', `535 5.7.8 not ${plain}`],
  ['a refused receiver', 'RCPT', `550 5.1.1 none, ${PASSWORD} ${plain}`],
  ['a server that is busy', 'MAIL', `451 4.3.0 later, ${encodeURIComponent(PASSWORD)}`],
])('no word of the password is in what is said of %s', async (_, verb, line) => {
  says[verb] = line
  const { code, message } = await failureOf(send())
  expect(code).toBe(line.startsWith('4') ? 'push-unreachable' : 'push-refused')
  expect(message).not.toMatch(/S3cret|horse|AG1l/)
})

test('a wrong login is told as one, and tried once', async () => {
  says['AUTH'] = '535 5.7.8 authentication failed'
  const { message } = await failureOf(send())
  expect(message).toBe('E-mail was refused by its server: it does not take the user and the password (535).')
  expect(heard.filter((line) => line.startsWith('AUTH'))).toHaveLength(1)
})

test('a machine elsewhere that has no TLS gets neither password nor mail', async () => {
  says['STARTTLS'] = '502 5.5.1 what is that'
  const { message } = await failureOf(send('mail.example.org'))
  expect(message).toMatch(/STARTTLS/)
  expect([heard.some((line) => line.startsWith('AUTH')), mails]).toEqual([false, []])
})

const OFFERS_TLS = '250-mail.test\r\n250 STARTTLS'
test('nor does one whose certificate nobody vouches for, and that is what is said', async () => {
  Object.assign(says, { EHLO: OFFERS_TLS, STARTTLS: '220 go on' })
  const { message } = await failureOf(send('mail.example.org'))
  expect(message).toMatch(/certificate/)
  expect([heard.some((line) => line.startsWith('AUTH')), mails]).toEqual([false, []])
})

test.each(['localhost', '127.0.0.1', '[::1]'])(
  'at this very machine (%s) a certificate of its own is good enough',
  async (host) => {
    Object.assign(says, { EHLO: OFFERS_TLS, STARTTLS: '220 go on' })
    await send(host)
    expect(mails).toHaveLength(1)
    expect(heard).toContain(`AUTH PLAIN ${plain}`)
  },
)

test('a line end in what an agent wrote makes no header and no further receiver', async () => {
  await send('127.0.0.1', { change: { subject: 'app\r\nBcc: all@example.org\r\n\r\nhello' } })
  const [head = ''] = mails[0]?.split('\r\n\r\n') ?? []
  expect(head).not.toMatch(/^(bcc|hello)/im)
  expect(heard.filter((line) => line.startsWith('RCPT'))).toEqual(['RCPT TO:<me@example.org>'])
})
