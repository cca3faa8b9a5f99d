/** Everything a proxy can be asked for that is not on the list: addresses of the host in every spelling, other ports. */

import { refused } from './ask-proxy.ts'
import type { Attempt, Facts } from './attempt.ts'

const HOST = 'host.docker.internal'

/** For modes allowlist and none; there is no proxy in mode bridge. */
export function proxyAttempts(facts: Facts): Attempt[] {
  const { ports, addresses, neighbour, mode } = facts
  const connect = (id: string, tried: string, authority: string) =>
    refused(facts, {
      id,
      group: 'through the proxy',
      tried: `CONNECT to ${tried}: ${authority}`,
      bytes: Buffer.from(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`),
    })
  const get = (id: string, tried: string, url: string) =>
    refused(facts, {
      id,
      group: 'through the proxy',
      tried: `GET of ${tried}: ${url}`,
      bytes: `GET ${url} HTTP/1.1\r\nHost: ${HOST}:${ports.listed}\r\nConnection: close\r\n\r\n`,
    })
  const loopback = (id: string, spelling: string) =>
    connect(`connect-loopback-${id}`, "the host's loopback", `${spelling}:${ports.loopback}`)

  return [
    connect('connect-unlisted', 'a host that is not listed', 'unlisted.example:443'),
    get('get-unlisted', 'a host that is not listed', 'http://unlisted.example/'),
    connect('connect-internet-4', 'an address of the internet', '1.1.1.1:443'),
    connect('connect-internet-6', 'an address of the internet', '[2606:4700:4700::1111]:443'),
    connect('connect-dns-over-https', 'a DNS service over HTTPS', 'cloudflare-dns.com:443'),
    connect('connect-dns-over-tls', 'a DNS service over TLS', '1.1.1.1:853'),
    connect('connect-metadata', 'the metadata service', '169.254.169.254:80'),
    get('get-metadata', 'the metadata service', 'http://169.254.169.254/latest/meta-data/'),
    get('get-metadata-name', 'the metadata service', 'http://metadata.google.internal/computeMetadata/v1/'),
    get('get-metadata-6', 'the metadata service', 'http://[fd00:ec2::254]/latest/meta-data/'),
    ...addresses.map((address, at) =>
      connect(
        `connect-host-${at + 1}`,
        'the host',
        `${address.includes(':') ? `[${address}]` : address}:${ports.everywhere}`,
      ),
    ),
    connect('connect-neighbour', 'another container', `${neighbour.address}:${neighbour.port}`),
    connect('connect-phone', 'the phone door', `127.0.0.1:${ports.phone}`),
    connect('connect-phone-name', 'the phone door', `${HOST}:${ports.phone}`),
    get('get-phone', 'the phone door', `http://${HOST}:${ports.phone}/healthz`),
    ...Object.entries(LOOPBACK).map(([id, spelling]) => loopback(id, spelling)),
    connect('connect-rebinding', 'a listed name that resolves to loopback', 'localhost:80'),
    get('get-rebinding', 'a listed name that resolves to loopback', 'http://localhost/'),
    ...[22, 25, 6379].map((port) =>
      connect(`connect-port-${port}`, 'an odd port of a listed host', `${HOST}:${port}`),
    ),
    connect('connect-port-smtp', 'an odd port of a listed host', 'localhost:25'),
    connect('connect-port-zero', 'port 0 of a listed host', `${HOST}:0`),
    connect('connect-port-wrap', 'a port number that wraps round', `${HOST}:${65_536 + ports.loopback}`),
    ...disguises(connect, ports.listed),
    ...(mode === 'none' ? listed(connect, get, ports.listed) : []),
  ]
}

type Ask = (id: string, tried: string, target: string) => Attempt

/** Listed in the configuration, and still out of reach where the mode is none. */
function listed(connect: Ask, get: Ask, port: number): Attempt[] {
  return [
    connect('connect-listed', 'a listed host', `${HOST}:${port}`),
    get('get-listed', 'a listed host', `http://${HOST}:${port}/`),
    connect('connect-api', "Claude's own host", 'api.anthropic.com:443'),
  ]
}

/** Ways to write 127.0.0.1, ::1 and 0.0.0.0, and names that mean them. */
const LOOPBACK = {
  plain: '127.0.0.1',
  short: '127.1',
  decimal: '2130706433',
  hex: '0x7f000001',
  octal: '0177.0.0.1',
  'trailing-dot': '127.0.0.1.',
  'other-127': '127.8.8.8',
  zero: '0.0.0.0',
  'bare-zero': '0',
  fullwidth: '１２７.０.０.１',
  circled: '①②⑦.⓪.⓪.①',
  v6: '[::1]',
  'v6-any': '[::]',
  'v6-long': '[0:0:0:0:0:0:0:1]',
  'v6-mapped': '[::ffff:127.0.0.1]',
  'v6-mapped-hex': '[::ffff:7f00:1]',
  'v6-compatible': '[::127.0.0.1]',
  'v6-nat64': '[64:ff9b::7f00:1]',
  'v6-6to4': '[2002:7f00:1::]',
  'v6-zone': '[::1%25lo]',
  name: 'localhost',
  'name-upper-case': 'LOCALHOST',
  'name-dot': 'localhost.',
  'name-below': 'anything.localhost',
  'name-host': HOST,
  'name-host-case': 'Host.Docker.INTERNAL.',
  'name-gateway': 'gateway.docker.internal',
}

/** Names that look listed, or hide the one that is meant. */
function disguises(connect: Ask, port: number): Attempt[] {
  const disguise = (id: string, tried: string, authority: string) =>
    connect(`connect-as-${id}`, tried, authority)
  return [
    disguise('user', 'a host behind a listed user name', `${HOST}:${port}@evil.example:${port}`),
    disguise('host', 'a listed host behind a user name', `evil.example@${HOST}:${port}`),
    disguise('suffix', 'a name that ends in a listed one', `evil-${HOST}:${port}`),
    disguise('below', 'a name below a listed one', `evil.${HOST}:${port}`),
    disguise('prefix', 'a name that begins with a listed one', `${HOST}.evil.example:${port}`),
    disguise('upper-case', 'an unlisted host in upper case', 'UNLISTED.EXAMPLE:443'),
    disguise('dot', 'an unlisted host with a trailing dot', 'unlisted.example.:443'),
    disguise('dots', 'a listed host with two trailing dots', `${HOST}..:${port}`),
    disguise('percent', 'a listed host and an escaped NUL', `${HOST}%00.evil.example:${port}`),
    disguise('nul', 'a listed host and a NUL', `${HOST}\0.evil.example:${port}`),
    disguise('tab', 'a listed host and a tab', `${HOST}\t.evil.example:${port}`),
    disguise('escape', 'a listed host in percent escapes', `%68ost.docker.internal.evil:${port}`),
    disguise('punycode', 'a look-alike in punycode', 'xn--pi-7lc.anthropic.com:443'),
    disguise('cyrillic', 'a look-alike in Cyrillic', 'аpi.anthropic.com:443'),
    disguise('ideographic-dot', 'a listed host with another kind of dot', `evil。${HOST}:${port}`),
    disguise('fragment', 'a fragment', `evil.example#@${HOST}:${port}`),
    disguise('backslash', 'a backslash', `evil.example\\@${HOST}:${port}`),
    disguise('query', 'a query', `evil.example?.${HOST}:${port}`),
    disguise('two-ports', 'two ports', `${HOST}:${port}:443`),
    disguise('comma', 'two hosts', `${HOST},evil.example:${port}`),
  ]
}
