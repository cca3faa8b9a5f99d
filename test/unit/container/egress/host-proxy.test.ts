/** What the variables of this machine say about its proxy, and which connections go through it. */
import { describe, expect, test } from 'vitest'
import { describeHostProxy, readHostProxy, upstreamFor } from '../../../../container/egress/host-proxy.ts'

const BOTH = { HTTP_PROXY: 'http://plain.test:3128', HTTPS_PROXY: 'http://secure.test:3129' }
const way = (target: string, env: Record<string, string> = BOTH, scheme: 'http' | 'https' = 'https') => {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(target) ?? []
  const found = upstreamFor({ host, port: Number(port) }, scheme, readHostProxy(env))
  return found === null ? null : 'problem' in found ? found.problem : found.shown
}

test.each([
  ['each scheme has its own', BOTH, 'http://plain.test:3128', 'http://secure.test:3129'],
  [
    'small letters come first',
    { ...BOTH, https_proxy: 'low.test:1' },
    'http://plain.test:3128',
    'http://low.test:1',
  ],
  [
    'HTTP_PROXY stands in for https',
    { http_proxy: 'http://one.test:8080' },
    'http://one.test:8080',
    'http://one.test:8080',
  ],
  ['HTTPS_PROXY says nothing about http', { HTTPS_PROXY: 'https://tls.test' }, null, 'https://tls.test'],
  ['an empty one is none', { HTTPS_PROXY: 'http://x.test', https_proxy: '' }, null, null],
] as const)('%s', (_, env, http, https) => {
  expect([way('example.org:80', env, 'http'), way('example.org:443', env)]).toEqual([http, https])
})

test.each([
  'socks5://proxy.test:1080',
  'http://',
  'http://user:%zz@proxy.test',
  'file:///etc/passwd',
  'http://proxy.test:99999',
])('%s is no proxy: nothing goes through it nor past it, and the value is not told', (value) => {
  expect(way('example.org:443', { HTTPS_PROXY: value })).toContain(
    'HTTPS_PROXY is not the address of a proxy',
  )
  expect(way('example.org:443', { HTTPS_PROXY: value })).not.toContain('zz')
})

describe('with a proxy', () => {
  test.each([
    ...['localhost:443', 'a.localhost:443', 'host.docker.internal:8080', 'metadata.google.internal:80'],
    ...['printer.local:80', 'intranet:443', 'nas.home.arpa:443', '127.0.0.1:443', '10.0.0.7:443', '::1:443'],
    ...['169.254.169.254:80', 'fd00::1:443'],
  ])('%s, which would be another one there, is not left to it', (target) => {
    expect(way(target)).toBeNull()
  })

  test.each([
    ['corp.test', 'corp.test:443', true],
    ['corp.test', 'a.corp.test:443', true],
    ['corp.test', 'notcorp.test:443', false],
    ['.corp.test', 'corp.test:443', true],
    ['*.corp.test', 'corp.test:443', false],
    ['*.corp.test', 'a.corp.test:443', true],
    ['x.test, CORP.test.', 'corp.test:443', true],
    ['x.test corp.test', 'corp.test:443', true],
    ['corp.test:8443', 'corp.test:443', false],
    ['corp.test:8443', 'corp.test:8443', true],
    ['*', 'example.org:443', true],
    ['93.184.216.34', '93.184.216.34:443', true],
    ['2606:2800:220:1::1', '2606:2800:220:1::1:443', true],
    ['', 'example.org:443', false],
  ])('NO_PROXY=%s and %s', (NO_PROXY, target, isDirect) => {
    expect(way(target, { ...BOTH, NO_PROXY }) === null).toBe(isDirect)
    expect(way(target, { ...BOTH, NO_PROXY: 'other.test', no_proxy: NO_PROXY }) === null).toBe(isDirect)
  })
})

test('what a person is told holds no password', () => {
  const env = { HTTPS_PROXY: 'http://me:s3cret@proxy.test:3128', http_proxy: 'me:s3cret@proxy.test:3128' }
  const told = describeHostProxy(readHostProxy(env))
  expect(told).toBe('http://proxy.test:3128 (HTTPS_PROXY) and http://proxy.test:3128 (http_proxy)')
})
