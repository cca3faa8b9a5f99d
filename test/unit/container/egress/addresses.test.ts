import { expect, test } from 'vitest'
import { isPrivate } from '../../../../container/egress/addresses.ts'

test.each([
  ['this network', '0.0.0.0', '0.1.2.3'],
  ['private', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
  ['loopback', '127.0.0.1', '127.255.255.254', '::1'],
  ['link-local and cloud metadata', '169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'fec0::1'],
  ['shared by a carrier', '100.64.0.1', '100.127.255.255'],
  ['unique local', 'fc00::1', 'fd00:ec2::254'],
  ['multicast and broadcast', '224.0.0.1', '239.255.255.255', '255.255.255.255', 'ff02::1'],
  [
    'documentation and benchmarks',
    '192.0.2.1',
    '198.51.100.1',
    '203.0.113.1',
    '198.18.0.1',
    '2001:db8::1',
    '3fff::1',
  ],
  [
    'IPv4-mapped, even of a public address',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:8.8.8.8',
    '0:0:0:0:0:FFFF:a00:1',
  ],
  ['IPv4-compatible and unspecified', '::', '::127.0.0.1', '::808:808'],
  ['NAT64', '64:ff9b::a00:1', '64:ff9b::8.8.8.8', '64:ff9b:1::1'],
  ['6to4 and Teredo', '2002:7f00:1::', '2001::1'],
  ['no address at all', '', 'example.org', '1.2.3', '127.1', '0x7f000001', '1.2.3.4 '],
])('%s counts as private', (_what, ...addresses) => {
  for (const address of addresses) expect(isPrivate(address), address).toBe(true)
})

test('ordinary public addresses are not private', () => {
  const addresses = [
    '1.1.1.1',
    '8.8.8.8',
    '100.63.255.255',
    '100.128.0.1',
    '172.15.0.1',
    '172.32.0.1',
    '223.255.255.255',
  ]
  for (const address of [...addresses, '2606:4700::1111', '2001:4860:4860::8888', '2a00:1450::1']) {
    expect(isPrivate(address), address).toBe(false)
  }
})
