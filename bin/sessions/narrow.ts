/** The user's choice of network and rules, narrowed by what the project says. Pure. */

import { parseAllowlist } from '../../container/egress/allowlist.ts'
import type { NetworkMode, NetworkOptions } from '../../container/options.ts'
import type { LabelledOptions } from '../../container/session/session.ts'
import type { ApprovalsOptions } from '../../hooks/options.ts'
import type { ProjectOptions } from '../../setup/config/project-file.ts'

type Network = LabelledOptions['network']

export type Narrowed = { network: Network; approvals: ApprovalsOptions; notices: string[] }

/** What `--network` and `--allow` said for a session; `mode` null where it is the configuration's. */
export type Choice = { mode: NetworkMode | null; allow: string[] }

const WIDTH: Record<NetworkMode, number> = { none: 0, allowlist: 1, bridge: 2 }

/**
 * The network that a session may have at most: by the configuration as it is now, and its own choice. Throws for an entry
 * of the configured allowlist that means nothing: with it the whole list would allow nothing.
 */
export function widest(
  { mode, ask, allowed_domains }: Pick<NetworkOptions, 'mode' | 'ask' | 'allowed_domains'>,
  choice: Choice,
): Omit<Network, 'only'> {
  parseAllowlist(allowed_domains)
  return { mode: choice.mode ?? mode, chosen: choice.mode, allow: choice.allow, ask, projectAsks: false }
}

/**
 * What was chosen for a session that is started again. Older sessions did not write it down: of theirs and the
 * configuration's the narrower mode counts, and a notice says so.
 */
export function choiceOf(network: Network, configured: NetworkMode): { choice: Choice; notices: string[] } {
  const { chosen, mode, allow } = network
  if (chosen !== undefined) return { choice: { mode: chosen, allow }, notices: [] }
  const isOwn = WIDTH[mode] < WIDTH[configured]
  const notices =
    mode === configured
      ? []
      : [
          `It was started by an older version with the network mode ${mode}, and the configuration says ${configured}. ` +
            `It has the narrower of both; --network of a new start chooses.`,
        ]
  return { choice: { mode: isOwn ? mode : null, allow }, notices }
}

/** Throws for an entry of the project's allowlist that means nothing. */
export function narrow(
  project: ProjectOptions | null,
  network: Omit<Network, 'only'>,
  approvals: ApprovalsOptions,
): Narrowed {
  if (project === null) return { network: { ...network, only: null }, approvals, notices: [] }
  const notices: string[] = []
  const wanted = project.network.mode ?? network.mode
  const isNarrower = WIDTH[wanted] <= WIDTH[network.mode]
  if (!isNarrower) {
    notices.push(
      `The project's .remote-claude.yaml asks for the network mode ${wanted}. That is wider than yours and was not followed.`,
    )
  }
  const only = project.network.allowed_domains ?? null
  if (only !== null) parseAllowlist(only)
  const { ask, deny } = project.approvals
  if (ask.length + deny.length > 0 || only !== null || project.network.mode !== undefined) {
    notices.push("The project's .remote-claude.yaml narrows this session.")
  }
  return {
    network: {
      ...network,
      mode: isNarrower ? wanted : network.mode,
      ask: network.ask || project.network.ask === true,
      ...(project.network.ask !== undefined && { projectAsks: project.network.ask }),
      only,
    },
    approvals: {
      ...approvals,
      ask: [...new Set([...approvals.ask, ...ask])],
      deny: [...new Set([...approvals.deny, ...deny])],
    },
    notices,
  }
}
