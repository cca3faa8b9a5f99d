/** Addresses that are not out on the internet: this machine, its neighbours, and other ways to spell them. */
import { BlockList, isIP } from 'node:net'

// IANA IPv4 Special-Purpose Address Registry.
const V4 = listOf(
  'ipv4',
  `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
   192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4`,
)
// Global unicast, less what IANA reserves in it: Teredo and its like, documentation, 6to4. Outside of it lie loopback,
// link-local, unique local, multicast, NAT64 and every form that wraps an IPv4 address.
const V6_GLOBAL = listOf('ipv6', '2000::/3')
const V6_RESERVED = listOf('ipv6', '2001::/23 2001:db8::/32 2002::/16 3fff::/20')

/**
 * Whether `ip` is anything but an ordinary public address: private, loopback, link-local (cloud metadata), shared,
 * documentation, multicast, broadcast, or IPv6 that wraps an IPv4 address. What is no address at all counts too.
 */
export function isPrivate(ip: string): boolean {
  const family = isIP(ip)
  if (family === 4) return V4.check(ip, 'ipv4')
  if (family !== 6 || ip.includes('%')) return true
  return !V6_GLOBAL.check(ip, 'ipv6') || V6_RESERVED.check(ip, 'ipv6')
}

function listOf(family: 'ipv4' | 'ipv6', ranges: string): BlockList {
  const list = new BlockList()
  for (const range of ranges.split(/\s+/)) {
    const [address = '', bits] = range.split('/')
    list.addSubnet(address, Number(bits), family)
  }
  return list
}
