/** What is wrong with hooks that are installed, in sentences. */
import type { Health } from '../../hooks/install/check.ts'
import type { Policy } from '../../hooks/install/policies.ts'

/** A sentence, and what to do about it. */
export type Finding = { problem: string; remedy: string }

type Where = {
  /** What the hooks stand in, such as a path. */
  where: string
  /** The command that writes them again. */
  again: string
  /** Whether a responder runs at all. */
  isHeard: boolean
}

const NOT_RUNNING: Finding = {
  problem: 'No responder is running, so no question reaches the phone.',
  remedy: 'Start it with: rc server start',
}

/** What is known of hooks wherever they are; of those in a container, by its own word. */
type Known = Pick<Health, 'isOfAnotherVersion' | 'missing' | 'door' | 'policy'> & {
  groups: readonly unknown[]
}

/** What a company's settings do to hooks that are not its own. */
export function forbidden({ file, key, isSure }: Policy): Finding {
  const when = isSure ? '' : ' as long as it is logged in to the company that sent it'
  return {
    problem: `${key} is set in ${file}, so Claude Code runs no hook of ours${when}.`,
    remedy: 'Ask whoever manages that file. In a session of rc start, no such file is read.',
  }
}

/** The first thing that has to be fixed; what comes after it may be fixed with it. */
export function findProblems(health: Known, { where, again, isHeard }: Where): Finding[] {
  const { groups, isOfAnotherVersion, missing, door, policy } = health
  if (groups.length === 0) return []
  const remedy = `Run: ${again}`
  if (isOfAnotherVersion) return [{ problem: `${where} has hooks of another version of ours.`, remedy }]
  const [first, ...others] = missing
  if (first !== undefined) {
    const gone = others.length === 0 ? `${first} is` : `${first} and ${others.length} more are`
    return [{ problem: `${gone} gone, so the hooks in ${where} do nothing.`, remedy }]
  }
  if (policy !== null) return [forbidden(policy)]
  if (!isHeard) return [NOT_RUNNING]
  if (door === 'token-refused')
    return [{ problem: `The token of the hooks in ${where} was revoked or replaced.`, remedy }]
  if (door === 'closed') return [{ problem: `Nobody answers where the hooks in ${where} ask.`, remedy }]
  return []
}
