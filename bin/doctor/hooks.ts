import { findPolicy } from '../../hooks/install/policies.ts'
import { forbidden } from '../hooks/findings.ts'
import { findInstalled } from '../hooks/host-status.ts'
import { type Examination, well } from './finding.ts'

/** Hooks of ours in this machine's settings: whether they work, and whether a company lets them. */
export const hooks: Examination = async (house) => {
  const installed = (await findInstalled(house, process.cwd(), true)).filter(
    ({ events }) => events.length > 0,
  )
  if (installed.length === 0) return []
  const name = 'hooks in Claude Codes of your own work'
  const policy = findPolicy(house.paths.claudeDir)
  const found = [
    ...(policy === null ? [] : [forbidden(policy)]),
    ...installed.flatMap(({ findings }) => findings),
  ]
  return found.length === 0 ? [well(name)] : found.map((one) => ({ name, ...one }))
}
