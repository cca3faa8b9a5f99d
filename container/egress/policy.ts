/** What one session's egress door says to a target: the user's list, narrowed by the project, then perhaps a person. */
import { isIP } from 'node:net'
import { isPrivate } from './addresses.ts'
import { type Allowlist, type Decision, decide, type RefusedDecision } from './allowlist.ts'
import type { Target } from './target.ts'

/** What a person, or something said before, makes of an unlisted host. `reason` is a sentence without the final stop. */
export type AskHost = (target: Target, gone: AbortSignal) => Promise<{ allowed: boolean; reason: string }>

export type EgressLists = {
  /** Read again for each connection: a person can add to it while the session runs. */
  allowlist(): Allowlist
  /** The project's own list, which can only take away; null when it has none. */
  projectList: Allowlist | null
  /** Hosts that a project cannot take away, because Claude itself needs them. */
  unremovable: Allowlist
}

export type EgressPolicy = EgressLists & {
  /** Null where nobody is asked. */
  askHost: AskHost | null
}

/** Stands for a rule where a person said yes to a host that no list names. */
export const ASKED = 'asked'

export type Decide = (target: Target, gone: AbortSignal) => Promise<Decision>

/** Mode none: a door that says no to everything, so that tools get a sentence instead of a hanging socket. */
export const refuseAll: Decide = async () => ({
  allowed: false,
  reason: 'this session was started without a network (mode none)',
  remedy: 'The user can start it again with --network allowlist.',
  rule: null,
})

export function createPolicy(policy: EgressPolicy): Decide {
  return async (target, gone) => {
    const decision = decide(target, policy.allowlist())
    const { askHost } = policy
    if (!decision.allowed) return askHost === null ? decision : await ask(target, decision, askHost, gone)
    return narrowed(target, decision, policy)
  }
}

/** What the lists alone say, without a person: whether a connection that they once allowed may go on. */
export function decideByLists(target: Target, lists: EgressLists): Decision {
  const decision = decide(target, lists.allowlist())
  return decision.allowed ? narrowed(target, decision, lists) : decision
}

function narrowed(
  target: Target,
  decision: Decision,
  { projectList, unremovable }: Pick<EgressLists, 'projectList' | 'unremovable'>,
): Decision {
  if (projectList === null || decide(target, unremovable).allowed) return decision
  if (decide(target, projectList).allowed) return decision
  return {
    allowed: false,
    reason: `${target.host} is on your allowlist, but not on the one in the project's .remote-claude.yaml`,
    remedy: 'The user can add it there and restart the session.',
    rule: null,
  }
}

/** A person's yes opens a public address only; it says nothing about what a name resolves to. */
async function ask(
  target: Target,
  refused: RefusedDecision,
  askHost: AskHost,
  gone: AbortSignal,
): Promise<Decision> {
  if (refused.isHopeless === true || (isIP(target.host) !== 0 && isPrivate(target.host))) return refused
  const { allowed, reason } = await askHost(target, gone)
  if (!allowed) return { ...refused, reason: `${refused.reason}, and ${reason}` }
  return { allowed: true, reason, rule: ASKED, mayBePrivate: false, address: null }
}
