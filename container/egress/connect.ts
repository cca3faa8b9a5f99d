/** From a wanted target to a connected socket: decide, resolve, check the address, connect to exactly that address. */
import { lookup as systemLookup } from 'node:dns/promises'
import type { EventEmitter } from 'node:events'
import { connect, isIP, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { isPrivate } from './addresses.ts'
import type { Decision } from './allowlist.ts'
import { showTarget, type Target } from './target.ts'

/** Addresses of a host name, best first; rejects when there are none. */
export type Lookup = (host: string) => Promise<string[]>

/** What the proxy did with one request to connect. `at` is in milliseconds since 1970. */
export type EgressEvent = { host: string; port: number; allowed: boolean; reason: string; at: number }

/** Begins a connection to an address, never to a name. */
export type Dial = (address: string, port: number) => Socket

export type Reach = {
  /** `gone` is aborted when the client no longer waits. */
  decide: (target: Target, gone: AbortSignal) => Decision | Promise<Decision>
  lookup: Lookup
  dial: Dial
  onDecision: (event: EgressEvent) => void
  connectTimeoutMs: number
}

/** A refusal or failure as the client is told it. */
export class EgressProblem extends Error {
  readonly status: number
  readonly kind: string
  constructor(status: number, kind: string, message: string) {
    super(message)
    this.status = status
    this.kind = kind
  }
}

/** The host's own resolver. */
export const resolveHost: Lookup = async (host) =>
  (await systemLookup(host, { all: true, order: 'ipv4first' })).map(({ address }) => address)

/** Connects directly. */
export const dialDirectly: Dial = (host, port) => connect({ host, port, allowHalfOpen: true, noDelay: true })

/** A socket connected to `target`, or an `EgressProblem`. Asks anew each time: nothing is remembered between requests. */
export async function reach(target: Target, context: Reach, gone: AbortSignal): Promise<Socket> {
  const report = (allowed: boolean, reason: string) =>
    context.onDecision({ ...target, allowed, reason, at: Date.now() })
  const decision = await decideOrRefuse(context.decide, target, gone)
  if (!decision.allowed) {
    report(false, decision.reason)
    const entry = target.port === 80 || target.port === 443 ? target.host : showTarget(target)
    throw blocked(target, decision.reason, decision.remedy ?? addToList(entry))
  }
  const deadline = AbortSignal.timeout(context.connectTimeoutMs)
  const literal = decision.address ?? (isIP(target.host) === 0 ? null : target.host)
  const found = literal === null ? await resolve(target, context.lookup, deadline, report) : [literal]
  const usable = decision.mayBePrivate ? found : found.filter((address) => !isPrivate(address))
  if (usable.length === 0) {
    const reason = `${target.host} resolves to ${found[0]}, which is not a public address`
    report(false, reason)
    throw blocked(target, reason, addToList(showTarget(target)))
  }
  report(true, decision.reason)
  return await connectToOneOf(usable, target, context.dial, deadline)
}

/** Aborted when the client's connection, or the response to it, is over. */
export function goneSignal(client: EventEmitter): AbortSignal {
  const gone = new AbortController()
  for (const event of ['end', 'close']) client.once(event, () => gone.abort())
  // Node tells that a socket has ended only to who reads it. This reads nothing away.
  if (client instanceof Duplex) client.read(0)
  return gone.signal
}

async function decideOrRefuse(decide: Reach['decide'], target: Target, gone: AbortSignal): Promise<Decision> {
  try {
    return await decide(target, gone)
  } catch {
    return { allowed: false, reason: 'the allowlist could not be read', rule: null }
  }
}

async function resolve(
  target: Target,
  lookup: Lookup,
  deadline: AbortSignal,
  report: (allowed: boolean, reason: string) => void,
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

async function connectToOneOf(
  addresses: string[],
  target: Target,
  dial: Dial,
  deadline: AbortSignal,
): Promise<Socket> {
  let cause = ''
  for (const address of addresses) {
    if (deadline.aborted) break
    try {
      return await connected(dial(address, target.port), deadline)
    } catch (error) {
      cause = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    }
  }
  if (deadline.aborted)
    throw new EgressProblem(504, 'connect-timeout', `${showTarget(target)} did not answer in time.`)
  throw new EgressProblem(
    502,
    'connect-failed',
    `No connection to ${showTarget(target)} could be made${cause}.`,
  )
}

function connected(socket: Socket, deadline: AbortSignal): Promise<Socket> {
  return new Promise((resolveSocket, reject) => {
    const giveUp = () => socket.destroy(new Error('timed out'))
    deadline.addEventListener('abort', giveUp, { once: true })
    socket.once('error', reject)
    socket.once('connect', () => {
      deadline.removeEventListener('abort', giveUp)
      socket.off('error', reject)
      resolveSocket(socket)
    })
  })
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('timed out')), { once: true })
  })
}

function blocked(target: Target, reason: string, remedy: string): EgressProblem {
  return new EgressProblem(
    403,
    'blocked-by-allowlist',
    `Remote Claude blocked ${showTarget(target)}: ${reason}. ${remedy}`,
  )
}

function addToList(entry: string): string {
  return (
    `If it is needed, the user can add ${entry} to network.allowed_domains in the configuration ` +
    `(rc config path), or start with --allow ${entry}.`
  )
}
