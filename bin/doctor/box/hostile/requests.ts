/** Requests that have to be refused whoever reads them. */
import { refused } from './ask-proxy.ts'
import type { Attempt, Facts } from './attempt.ts'

const HOST = 'host.docker.internal'

export function requestAttempts(facts: Facts): Attempt[] {
  const { ports } = facts
  const listed = `${HOST}:${ports.listed}`
  const all: [id: string, tried: string, head: string][] = [
    [
      'host-header',
      'a listed Host header on an unlisted URL',
      `GET http://evil.example/ HTTP/1.1\r\nHost: ${listed}`,
    ],
    [
      'connect-host-header',
      'a listed Host header on an unlisted CONNECT',
      `CONNECT evil.example:443 HTTP/1.1\r\nHost: ${listed}`,
    ],
    ['origin-form', 'a path only, and an unlisted Host header', 'GET / HTTP/1.1\r\nHost: evil.example'],
    ['no-slashes', 'a URL without slashes', 'GET http:evil.example/ HTTP/1.1\r\nHost: evil.example'],
    ['scheme-relative', 'a URL without a scheme', 'GET //evil.example/ HTTP/1.1\r\nHost: evil.example'],
    ['https-url', 'an https URL', 'GET https://evil.example/ HTTP/1.1\r\nHost: evil.example'],
    ['other-scheme', 'an ftp URL', 'GET ftp://evil.example/ HTTP/1.1\r\nHost: evil.example'],
    ['file-url', 'a file of the host', 'GET file:///etc/passwd HTTP/1.1\r\nHost: localhost'],
    [
      'user-in-url',
      'a listed host as user name in a URL',
      `GET http://${listed}@evil.example/ HTTP/1.1\r\nHost: evil.example`,
    ],
    [
      'backslash-in-url',
      'a backslash in a URL',
      `GET http://evil.example\\@${listed}/ HTTP/1.1\r\nHost: ${listed}`,
    ],
    [
      'upgrade-h2c',
      'an upgrade to HTTP/2 on an unlisted URL',
      'GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk',
    ],
    [
      'upgrade-websocket',
      'a web socket to a listed host',
      `GET http://${listed}/ HTTP/1.1\r\nHost: ${listed}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==`,
    ],
    ['http-2', 'HTTP/2 without asking first', 'PRI * HTTP/2.0\r\n\r\nSM'],
    ['http-0.9', 'HTTP/0.9', 'GET http://evil.example/'],
    ['options-star', 'OPTIONS *', 'OPTIONS * HTTP/1.1\r\nHost: evil.example'],
    [
      'huge-header',
      'a header of 64 KB',
      `GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nX: ${'x'.repeat(65_536)}`,
    ],
  ]
  return all.map(([id, tried, head]) =>
    refused(facts, { id: `request-${id}`, group: 'request tricks', tried, bytes: `${head}\r\n\r\n` }),
  )
}
