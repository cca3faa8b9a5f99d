import { createMachine } from '../../setup/machine.ts'
import { CHECKS, type Need } from '../../setup/needs/checks.ts'
import { type Examination, well } from './finding.ts'

/** What a plain session needs of the machine. */
export const machine: Examination = async ({ env }) => {
  const here = createMachine(env, { interactive: false })
  const needed: Need[] = here.uid === 0 ? ['docker', 'tmux', 'acl'] : ['docker', 'tmux']
  return await Promise.all(
    needed.map(async (need) => {
      const problem = await CHECKS[need].run(here)
      return problem === null ? well(CHECKS[need].name) : { ...problem, name: CHECKS[need].name }
    }),
  )
}
