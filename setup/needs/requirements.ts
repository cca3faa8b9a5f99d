/**
 * Makes sure that what a command needs is on the machine: says what is missing, and puts it there when told to.
 *
 *   check -> nothing missing: done
 *         -> only the user can help, or no consent: a sentence and the commands to type
 *         -> consent: install or start, then check again; the same problem twice is the end
 */

import { SetupError } from '../errors.ts'
import type { Machine } from '../machine.ts'
import { CHECKS, type Fix, type Need, type Problem } from './checks.ts'
import { installCommand, installPackages } from './packages.ts'
import { startDocker } from './start-docker.ts'

export { createMachine } from '../machine.ts'
export type { Need } from './checks.ts'

type Request = {
  need: readonly Need[]
  machine: Machine
  /** Consent given beforehand. */
  yes: boolean
  /** Asks for consent; null where nobody can be asked. */
  ask: ((question: string) => Promise<boolean>) | null
  /** What is being done, a line each. */
  onProgress(line: string): void
  /** Where dockerd writes when nothing else looks after it. */
  dockerdLog: string
}

/** Resolves when everything needed is there. Throws with `code` `requirement-missing` and what to do otherwise. */
export async function ensureRequirements(request: Request): Promise<void> {
  const { machine, onProgress, dockerdLog } = request
  let consent = request.yes
  const before = new Set<string>()
  for (;;) {
    const problems = await findProblems(machine, request.need)
    if (problems.length === 0) return
    const fixes = problems.map(({ fix }) => fix).filter((fix) => fix !== null)
    const plan = await Promise.all(merge(fixes).map((fix) => describeFix(machine, fix)))
    if (fixes.length < problems.length || plan.includes(null)) throw missing(problems)
    if (problems.every(({ problem }) => before.has(problem)))
      throw missing(problems, 'What was done did not help.')
    for (const { problem } of problems) before.add(problem)

    const sentences = problems.map(({ problem }) => problem).join(' ')
    if (!consent) consent = (await request.ask?.(`${sentences} Shall I run: ${plan.join('; ')}?`)) ?? false
    if (!consent) throw missing(problems, `With --yes rc does this itself: ${plan.join('; ')}.`)

    onProgress(sentences)
    for (const [at, fix] of merge(fixes).entries()) {
      onProgress(`${plan[at]} …`)
      if (fix.kind === 'install') await installPackages(machine, fix.packages)
      else await startDocker(machine, dockerdLog)
    }
  }
}

/** What is missing, in the order of `need`. Looks only. */
async function findProblems(machine: Machine, need: readonly Need[]): Promise<Problem[]> {
  const found = await Promise.all(need.map((one) => CHECKS[one].run(machine)))
  return found.filter((problem) => problem !== null)
}

/** All packages at once, and before anything is started. */
function merge(fixes: readonly Fix[]): Fix[] {
  const packages = new Set(fixes.flatMap((fix) => (fix.kind === 'install' ? fix.packages : [])))
  const install: Fix[] = packages.size === 0 ? [] : [{ kind: 'install', packages: [...packages] }]
  return [...install, ...fixes.filter(({ kind }) => kind === 'start-docker')]
}

async function describeFix(machine: Machine, fix: Fix): Promise<string | null> {
  return fix.kind === 'install' ? installCommand(machine, fix.packages) : 'start Docker'
}

function missing(problems: readonly Problem[], more = ''): SetupError {
  return new SetupError(
    'requirement-missing',
    problems.map(({ problem }) => problem).join(' '),
    [...problems.map(({ remedy }) => remedy), ...(more === '' ? [] : [more])].join(' '),
  )
}
