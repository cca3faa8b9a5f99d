/** A part of the escape suite that takes seconds; `npm run test:escape` runs all of it, in every mode. */
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EscapeReport } from '../../../bin/doctor/box/suite.ts'
import { createWorld, type World } from '../world.ts'

const SUITE_MS = 4 * 60_000

let world: World

beforeAll(async () => {
  world = await createWorld({ scripts: {} })
})
afterAll(() => world.destroy())

async function runSuite(
  ...options: string[]
): Promise<{ exitCode: number | undefined; reports: EscapeReport[] }> {
  const rc = join(import.meta.dirname, '../../../bin/rc')
  const { exitCode, stdout } = await execa(rc, ['doctor', '--box', '--json', ...options], {
    env: world.env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: SUITE_MS,
  })
  return { exitCode, reports: JSON.parse(stdout) }
}

const of = (reports: EscapeReport[], outcome: EscapeReport['outcome']) =>
  reports.filter((one) => one.outcome === outcome).map(({ mode, id, by }) => `${mode} ${id}: ${by}`)

test(
  'of all attempts in a session without a network none succeeds, and none was left untried',
  async () => {
    const { exitCode, reports } = await runSuite('--network', 'none')
    expect(of(reports, 'ESCAPED')).toEqual([])
    expect(of(reports, 'not-tried')).toEqual([])
    expect(exitCode).toBe(0)
    const tried = reports.filter(({ outcome }) => outcome !== 'works')
    expect(new Set(tried.map(({ id }) => id)).size).toBeGreaterThanOrEqual(200)
  },
  SUITE_MS,
)
