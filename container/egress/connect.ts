/** From a wanted target to a connected socket: decide, resolve, check the address, connect to exactly that address. */
import type { EventEmitter } from 'node:events'
import { connect, isIP, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { Decision } from './allowlist.ts'
import { type HostProxy, type Upstream, upstreamFor } from './host-proxy.ts'
import { ASKED } from './policy.ts'
import { addToList, blocked, EgressProblem } from './problem.ts'
import { checkedAddresses, type Lookup, type Report } from './resolve.ts'
import { showTarget, type Target } from './target.ts'
import { connected, type Dial, dialUpstream, tunnelThrough } from './upstream.ts'

/** What the proxy did with one request to connect. `at` is in milliseconds since 1970. */
export type EgressEvent = { host: string; port: number; allowed: boolean; reason: string; at: number }

export type Reach = {
  /** `gone` is aborted when the client no longer waits. */
  decide: (target: Target, gone: AbortSignal) => Decision | Promise<Decision>
  lookup: Lookup
  dial: Dial
  onDecision: (event: EgressEvent) => void
  connectTimeoutMs: number
  /** The proxy that this machine itself goes through. */
  hostProxy: HostProxy
  /** What was allowed and has not ended; filled and emptied here. */
  opened: Set<Opened>
}

/** A connection that was allowed, by which rule; aborting `end` ends it, at whatever stage it is. */
export type Opened = { target: Target; rule: string; end: AbortController }

/** `tunnel`: whatever the client says. `http`: a plain request, which a proxy wants in absolute form. */
export type Wish = 'tunnel' | 'http'

/** A connection to the target; with `upstream`, to a proxy that waits for a request in absolute form. */
export type Reached = { socket: Socket; upstream: Upstream | null }

/** Connects directly. */
export const dialDirectly: Dial = (host, port) => connect({ host, port, allowHalfOpen: true, noDelay: true })

/** A connection for `target`, or an `EgressProblem`. Asks again each time: nothing is remembered between requests. */
export async function reach(target: Target, wish: Wish, context: Reach, gone: AbortSignal): Promise<Reached> {
  const report: Report = (allowed, reason) =>
    context.onDecision({ ...target, allowed, reason, at: Date.now() })
  const decision = await decideOrRefuse(context.decide, target, gone)
  if (!decision.allowed) {
    report(false, decision.reason)
    const entry = target.port === 80 || target.port === 443 ? target.host : showTarget(target)
    throw blocked(target, decision.reason, decision.remedy ?? addToList(entry))
  }
  const opened: Opened = { target, rule: decision.rule, end: new AbortController() }
  const { signal } = opened.end
  context.opened.add(opened)
  try {
    const until = AbortSignal.any([AbortSignal.timeout(context.connectTimeoutMs), signal])
    const reached = await connectAllowed(target, wish, decision, context, until, report)
    const { socket } = reached
    socket.on('error', () => socket.destroy())
    socket.once('close', () => context.opened.delete(opened))
    signal.addEventListener('abort', () => socket.destroy())
    if (!signal.aborted) return reached
    socket.destroy()
    throw new Error('taken off the list in between')
  } catch (error) {
    context.opened.delete(opened)
    if (signal.aborted)
      throw blocked(target, 'it was taken off the allowlist just now', addToList(target.host))
    throw error
  }
}

async function connectAllowed(
  target: Target,
  wish: Wish,
  decision: Extract<Decision, { allowed: true }>,
  context: Reach,
  until: AbortSignal,
  report: Report,
): Promise<Reached> {
  const scheme = wish === 'http' || target.port === 80 ? 'http' : 'https'
  const upstream = decision.address === null ? upstreamFor(target, scheme, context.hostProxy) : null
  if (upstream !== null && 'problem' in upstream) {
    report(false, upstream.problem)
    throw new EgressProblem(502, 'proxy-unusable', `The host machine's ${upstream.problem}.`)
  }
  // The proxy resolves only names that a list holds: a person who was asked said yes to a public address.
  const isNamed = upstream !== null && isIP(target.host) === 0 && decision.rule !== ASKED
  const addresses = isNamed
    ? [target.host]
    : await checkedAddresses(target, decision, context.lookup, until, report)
  if (upstream === null) {
    report(true, decision.reason)
    return { socket: await connectToOneOf(addresses, target, context.dial, until), upstream }
  }
  report(true, `${decision.reason}, by way of ${upstream.shown}`)
  const [host = target.host] = addresses
  // In absolute form the proxy goes by the name, so a checked address needs a tunnel.
  if (wish === 'http' && host === target.host)
    return { socket: await dialUpstream(upstream, context.dial, until), upstream }
  return {
    socket: await tunnelThrough(upstream, { host, port: target.port }, context.dial, until),
    upstream: null,
  }
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
      return await connected(dial(address, target.port), 'connect', deadline)
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
