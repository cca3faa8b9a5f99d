/** The user's choice of network and rules, narrowed by what the project says. Pure. */
import { parseAllowlist } from '../container/egress/allowlist.ts'
import type { NetworkMode } from '../container/options.ts'
import type { LabelledOptions } from '../container/session-labels.ts'
import type { ApprovalsOptions } from '../hooks/options.ts'
import type { ProjectOptions } from '../setup/project-file.ts'

type Network = LabelledOptions['network']

export type Narrowed = { network: Network; approvals: ApprovalsOptions; notices: string[] }

const WIDTH: Record<NetworkMode, number> = { none: 0, allowlist: 1, bridge: 2 }

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
