import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide, parseAllowlist, parseEntry } from '../../../../container/egress/allowlist.ts'
import { HOST_GROUPS } from '../../../../container/egress/groups.ts'
import { normalizeHost, parseTarget } from '../../../../container/egress/target.ts'

const allows = (entry: string, host: string, port = 443) =>
  decide({ host, port }, parseAllowlist([entry])).allowed

describe('an entry', () => {
  test.each([
    ['example.org', 'example.org', false, null],
    ['EXAMPLE.org.', 'example.org', false, null],
    ['*.Example.org', 'example.org', true, null],
    ['example.org:8443', 'example.org', false, 8443],
    ['*.example.org:22', 'example.org', true, 22],
    ['bücher.example', 'xn--bcher-kva.example', false, null],
    ['10.0.0.7:5432', '10.0.0.7', false, 5432],
    ['[fd00::7]:5432', 'fd00::7', false, 5432],
    ['[FD00:0:0::7]:5432', 'fd00::7', false, 5432],
    ['host.docker.internal:8080', 'host.docker.internal', false, 8080],
    ['localhost:3000', 'localhost', false, 3000],
    ['*.mine.github.io', 'mine.github.io', true, null],
  ])('%s is understood', (text, host, subdomains, port) => {
    expect(parseEntry(text)).toEqual({ text, host, subdomains, port })
  })

  test.each([
    ['*', /everything/],
    ['*.', /everything/],
    ['*.com', /anybody can get a name under com/],
    ['*.co.uk', /anybody/],
    ['*.github.io', /anybody/],
    ['*.amazonaws.com', /anybody/],
    ['*.COM.', /anybody/],
    ['https://example.org', /scheme/],
    ['example.org/path', /path/],
    ['user@example.org', /user name/],
    ['a.*.example.org', /star in an odd place/],
    ['*example.org', /star in an odd place/],
    ['**.example.org', /star in an odd place/],
    ['10.0.0.7', /address without a port/],
    ['fd00::7', /address without a port/],
    ['[fd00::7]', /address without a port/],
    ['0x7f.1', /address without a port/],
    ['*.10.0.0.7:80', /star before an address|not a host/],
    ['host.docker.internal', /needs a port/],
    ['*.docker.internal.host.docker.internal:x', /not a host/],
    ['', /not a host/],
    ['exa mple.org', /not a host/],
    ['example.org:0', /not a host/],
    ['example.org:65536', /not a host/],
    ['example..org', /not a host/],
    ['example.org\n', /not a host/],
    ['%65xample.org', /not a host/],
  ])('%j is refused with a sentence and a remedy', (text, sentence) => {
    expect(() => parseEntry(text)).toThrow(
      expect.objectContaining({
        code: 'bad-domain',
        message: expect.stringMatching(sentence),
        remedy: expect.any(String),
      }),
    )
  })

  test('an address refused for its missing port is shown as it must be written', () => {
    expect(() => parseEntry('fd00::7')).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining('[fd00::7]:443') }),
    )
  })
})

describe('a decision', () => {
  test('an empty list allows nothing', () => {
    expect(decide({ host: 'example.org', port: 443 }, [])).toEqual({
      allowed: false,
      reason: 'example.org is not on the allowlist',
      rule: null,
    })
  })

  test('a plain host opens ports 80 and 443 of itself and nothing below it', () => {
    expect(allows('example.org', 'example.org', 443)).toBe(true)
    expect(allows('example.org', 'example.org', 80)).toBe(true)
    expect(allows('example.org', 'example.org', 22)).toBe(false)
    expect(allows('example.org', 'www.example.org')).toBe(false)
    expect(allows('example.org', 'notexample.org')).toBe(false)
    expect(allows('example.org', 'example.org.evil.test')).toBe(false)
  })

  test('a star opens names below the dot, not the bare domain and not names that only end alike', () => {
    expect(allows('*.example.org', 'a.example.org')).toBe(true)
    expect(allows('*.example.org', 'a.b.example.org')).toBe(true)
    expect(allows('*.example.org', 'example.org')).toBe(false)
    expect(allows('*.example.org', 'evilexample.org')).toBe(false)
  })

  test('a named port opens that port only', () => {
    expect(allows('example.org:8443', 'example.org', 8443)).toBe(true)
    expect(allows('example.org:8443', 'example.org', 443)).toBe(false)
  })

  test('other spellings of a listed host are the listed host', () => {
    for (const host of ['EXAMPLE.org', 'example.org.', 'ｅxample.org'])
      expect(allows('example.org', host), host).toBe(true)
    expect(allows('bücher.example', 'xn--bcher-kva.example')).toBe(true)
    expect(allows('[fd00::7]:443', 'fd00:0:0:0::7')).toBe(true)
  })

  test('what is no host name is refused', () => {
    const odd = [
      'example.org@evil.test',
      'evil.test#example.org',
      'example.org\0',
      'example.org ',
      '',
      'example.org..',
      'a%2e',
    ]
    for (const host of odd) expect(allows('example.org', host), host).toBe(false)
  })

  test('only a rule with this host and port may lead to a private address', () => {
    const list = parseAllowlist(['db.example.org', '*.example.org:5432', 'db.example.org:443'])
    expect(decide({ host: 'db.example.org', port: 443 }, list)).toMatchObject({ mayBePrivate: true })
    expect(decide({ host: 'db.example.org', port: 80 }, list)).toMatchObject({ mayBePrivate: false })
    expect(decide({ host: 'db.example.org', port: 5432 }, list)).toMatchObject({ mayBePrivate: false })
  })

  test('host.docker.internal leads to the loopback of the host, on the listed port only', () => {
    const list = parseAllowlist(['host.docker.internal:8080'])
    expect(decide({ host: 'Host.Docker.Internal', port: 8080 }, list)).toMatchObject({ address: '127.0.0.1' })
    expect(decide({ host: 'host.docker.internal', port: 80 }, list).allowed).toBe(false)
  })

  test('the reason names the port when only the port is wrong', () => {
    const list = parseAllowlist(['example.org'])
    expect(decide({ host: 'example.org', port: 22 }, list).reason).toBe(
      'example.org is on the allowlist, but not for port 22',
    )
  })
})

test('a target needs a port unless there is a default', () => {
  expect(parseTarget('example.org')).toBeNull()
  expect(parseTarget('example.org', 80)).toEqual({ host: 'example.org', port: 80 })
  expect(parseTarget('[::1]:443')).toEqual({ host: '::1', port: 443 })
  for (const text of ['::1:443', 'a:1:2', '[fe80::1%25eth0]:1', '[1.2.3.4]:1', 'a:99999', ':80', 'a:']) {
    expect(parseTarget(text), text).toBeNull()
  }
})

test('normalising a host twice changes nothing', () => {
  void fc.assert(
    fc.property(fc.oneof(fc.string(), fc.domain(), fc.ipV4()), (text) => {
      const host = normalizeHost(text)
      if (host !== null && !host.includes(':')) expect(normalizeHost(host)).toBe(host)
    }),
  )
})

describe('a group', () => {
  test.each([
    ['npm', 'any.npmjs.org', true],
    ['npm', 'npmjs.org', true],
    ['npm', 'npmjs.org.evil.example', false],
    ['npm', 'evilnpmjs.org', false],
    ['github', 'codeload.github.com', true],
    ['github', 'gist.github.com', false],
    ['github', 'mine.github.io', false],
    ['pypi', 'files.pythonhosted.org', true],
    ['pypi', 'pythonhosted.org', false],
  ])('%s and %s: %s', (group, host, allowed) => {
    expect(allows(group, host)).toBe(allowed)
  })

  test('stands for ports 80 and 443 only, and never for a private address', () => {
    for (const [group, entries] of Object.entries(HOST_GROUPS)) {
      expect(entries.length).toBeGreaterThan(0)
      for (const entry of entries) {
        const host = entry.replace('*.', 'a.')
        expect(allows(group, host, 22)).toBe(false)
        expect(decide({ host, port: 443 }, parseAllowlist([group]))).toMatchObject({ mayBePrivate: false })
      }
    }
  })

  test('a host of its name is meant when a port is given, and no word of every object is a group', () => {
    expect(allows('npm:443', 'npm')).toBe(true)
    expect(allows('npm:443', 'npmjs.org')).toBe(false)
    expect(allows('constructor', 'constructor')).toBe(true)
  })
})
