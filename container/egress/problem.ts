/** Refusals and failures, as the client is told them. */
import { showTarget, type Target } from './target.ts'

/** What the client gets: a status, the kind for `X-Proxy-Error`, a sentence. */
export class EgressProblem extends Error {
  readonly status: number
  readonly kind: string
  constructor(status: number, kind: string, message: string) {
    super(message)
    this.status = status
    this.kind = kind
  }
}

export function blocked(target: Target, reason: string, remedy: string): EgressProblem {
  return new EgressProblem(
    403,
    'blocked-by-allowlist',
    `Remote Claude blocked ${showTarget(target)}: ${reason}. ${remedy}`,
  )
}

export function addToList(entry: string): string {
  return (
    `If it is needed, the user can add ${entry} to network.allowed_domains in the configuration ` +
    `(rc config path), or start with --allow ${entry}.`
  )
}
