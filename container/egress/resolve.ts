/** From an allowed target to the addresses that it may be reached at. */
import { lookup as systemLookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { isPrivate } from './addresses.ts'
import type { Decision } from './allowlist.ts'
import { addToList, blocked, EgressProblem } from './problem.ts'
import { showTarget, type Target } from './target.ts'

/** Addresses of a host name, best first; rejects when there are none. */
export type Lookup = (host: string) => Promise<string[]>

/** Tells what was decided, and why. */
export type Report = (allowed: boolean, reason: string) => void

/** The host's own resolver. */
export const resolveHost: Lookup = async (host) =>
  (await systemLookup(host, { all: true, order: 'ipv4first' })).map(({ address }) => address)

/** Addresses that the target may be reached at, the literal one or those of its name. */
export async function checkedAddresses(
  target: Target,
  decision: Extract<Decision, { allowed: true }>,
  lookup: Lookup,
  deadline: AbortSignal,
  report: Report,
): Promise<string[]> {
  const literal = decision.address ?? (isIP(target.host) === 0 ? null : target.host)
  const found = literal === null ? await resolve(target, lookup, deadline, report) : [literal]
  const usable = decision.mayBePrivate ? found : found.filter((address) => !isPrivate(address))
  if (usable.length > 0) return usable
  const reason = `${target.host} resolves to ${found[0]}, which is not a public address`
  report(false, reason)
  throw blocked(target, reason, addToList(showTarget(target)))
}

async function resolve(
  target: Target,
  lookup: Lookup,
  deadline: AbortSignal,
  report: Report,
): Promise<string[]> {
  const failed = () => {
    report(false, 'its name could not be resolved')
    return new EgressProblem(
      502,
      'name-not-resolved',
      `The host name ${target.host} could not be resolved by the host machine.`,
    )
  }
  const found = await Promise.race([lookup(target.host), aborted(deadline)]).catch(() => {
    throw failed()
  })
  const addresses = found.filter((address) => isIP(address) !== 0)
  if (addresses.length === 0) throw failed()
  return addresses
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('timed out')), { once: true })
  })
}
