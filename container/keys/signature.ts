/**
 * One request to sign, from its bytes to the signature or the refusal:
 *
 *   which key ─ not one that the agent lists now ──► failure
 *       │
 *   what for (read from the bytes, see signed-data.ts) ── decide ─ anything but true, gone, thrown ──► failure
 *                                                            │ true
 *                                      the very same message to the user's agent
 */
import { exchange, listIdentities } from './agent.ts'
import { findHosts, knownHostsFiles } from './known-hosts.ts'
import { fingerprintOf, type PublicKey } from './public-key.ts'
import { readPurpose } from './signed-data.ts'
import { createReader, MESSAGE } from './wire.ts'

/** What a person is asked about a signature. */
export type SignatureRequest = {
  key: PublicKey
  /** login: into a server; signature: of a commit or file; unknown: of bytes that mean nothing to us. */
  purpose: 'login' | 'signature' | 'unknown'
  /** The login name; the agent's choice, and part of what is signed. */
  user: string | null
  /**
   * Names of the server as the user's known hosts tell them. Empty when its key is not among them, or when the login does
   * not bind one: that takes OpenSSH 8.9 or later on both sides. Nothing in it is the client's word.
   */
  hosts: string[]
  /** Fingerprint of the only host key with which the signature is good, or null where the login binds none. */
  hostKey: string | null
  /** What a signature of a file is for, such as `git`; the agent's choice, and part of what is signed. */
  namespace: string | null
}

/** What became of a request. `at` is in milliseconds since 1970. */
export type SignatureEvent = SignatureRequest & { allowed: boolean; reason: string; at: number }

export type Signing = {
  upstream: string
  /** Resolves to true and nothing else to allow; `gone` is aborted when the client no longer waits. */
  decide: (request: SignatureRequest, gone: AbortSignal) => Promise<boolean>
  onDecision: (event: SignatureEvent) => void
  home: string
  candidateHosts: () => readonly string[]
  limits: { listTimeoutMs: number; signTimeoutMs: number }
}

/** SSH_AGENT_RSA_SHA2_256 and _512; every other flag is reserved. */
const KNOWN_FLAGS = 2 | 4

/** A request as the client sends it. */
export type SignRequest = { message: Buffer; blob: Buffer; data: Buffer; flags: number }

/** Reads a message to sign. Throws `MalformedMessage` where anything is missing or left over. */
export function readSignRequest(message: Buffer): SignRequest {
  const reader = createReader(message)
  reader.expectByte(MESSAGE.sign)
  const request = { message, blob: reader.string(), data: reader.string(), flags: reader.uint32() }
  reader.end()
  return request
}

/** The agent's signature, as a message, or null when there is none to give. Rejects when the agent is out of reach. */
export async function signAfterDecision(
  { message, blob, data, flags }: SignRequest,
  gone: AbortSignal,
  signing: Signing,
): Promise<Buffer | null> {
  const { upstream, onDecision, limits } = signing
  if ((flags & ~KNOWN_FLAGS) !== 0) return null
  const identities = await listIdentities(upstream, { timeoutMs: limits.listTimeoutMs, gone })
  const identity = identities.find((one) => one.blob.equals(blob))
  if (identity === undefined) return null

  const request = await describeRequest(identity.key, readPurpose(data, blob), signing)
  const report = (allowed: boolean, reason: string) =>
    onDecision({ ...request, allowed, reason, at: Date.now() })
  const isAllowed = await decideOrRefuse(signing.decide, request, gone)
  if (gone.aborted || !isAllowed) {
    report(false, gone.aborted ? 'the client hung up' : 'it was not allowed')
    return null
  }
  const answer = await exchange(upstream, message, { timeoutMs: limits.signTimeoutMs, gone }).catch(
    (error) => {
      report(false, 'the ssh-agent did not answer')
      throw error
    },
  )
  const isSigned = isSignature(answer)
  report(isSigned, isSigned ? 'it was allowed' : 'the ssh-agent did not sign')
  return isSigned ? answer : null
}

async function describeRequest(
  key: PublicKey,
  read: ReturnType<typeof readPurpose>,
  { home, candidateHosts }: Signing,
): Promise<SignatureRequest> {
  const unknown: SignatureRequest = {
    key,
    purpose: read.purpose,
    user: null,
    hosts: [],
    hostKey: null,
    namespace: null,
  }
  if (read.purpose === 'signature') return { ...unknown, namespace: read.namespace }
  if (read.purpose === 'unknown') return unknown
  if (read.hostKey === null) return { ...unknown, user: read.user }
  const hosts = await findHosts(read.hostKey, { files: knownHostsFiles(home), candidates: candidateHosts() })
  return { ...unknown, user: read.user, hosts, hostKey: fingerprintOf(read.hostKey) }
}

/** Resolves to false as soon as the client is gone, whatever `decide` makes of its signal. */
async function decideOrRefuse(
  decide: Signing['decide'],
  request: SignatureRequest,
  gone: AbortSignal,
): Promise<boolean> {
  const hungUp = Promise.withResolvers<false>()
  const hangUp = () => hungUp.resolve(false)
  gone.addEventListener('abort', hangUp, { once: true })
  if (gone.aborted) hangUp()
  try {
    return (await Promise.race([hungUp.promise, decide(request, gone)])) === true
  } catch {
    return false
  } finally {
    gone.removeEventListener('abort', hangUp)
  }
}

function isSignature(answer: Buffer): boolean {
  try {
    const reader = createReader(answer)
    reader.expectByte(MESSAGE.signature)
    reader.string()
    reader.end()
    return true
  } catch {
    return false
  }
}
