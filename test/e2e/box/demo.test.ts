/** The first command that a newcomer runs, with a home in which there is nothing yet. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'

const RC = join(import.meta.dirname, '../../../bin/rc')
let home: string

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'rc-newcomer-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

test.each([
  ['allow', /Answered: allow \(cli\), applied\ngit push origin main ran: origin has commit [0-9a-f]{12}\./],
  ['deny', /Answered: deny \(cli\), applied\ngit push origin main did not run: origin has nothing\./],
])('rc demo --answer %s shows the whole loop and leaves nothing behind', async (answer, outcome) => {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  const env = { HOME: home, XDG_CACHE_HOME: cache, PATH: process.env['PATH'] ?? '' }
  const { stdout } = await execa(RC, ['demo', '--yes', '--answer', answer], { env, extendEnv: false })
  expect(stdout).toMatch(outcome)
  expect(await readdir(home)).toEqual([])
})
