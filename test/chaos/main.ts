/**
 * Taps, keys, deaths and restarts in any order, over real hook processes, a real responder and a model of Claude's
 * dialog. Run with: npm run test:chaos [-- --seed N] [--rounds N] [--real N] [--only K]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { TESTED_VERSIONS } from '../../hooks/versions.ts'
import { buildHookScripts } from '../../setup/build/hook-scripts.ts'
import { tooSeldom } from './minimums.ts'
import { playTui } from './tui.ts'
import { playWorld } from './world.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    rounds: { type: 'string' },
    only: { type: 'string' },
    real: { type: 'string' },
  },
})
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const rounds = Number(values.rounds ?? 2_000)
const real = Number(values.real ?? 160)
/** Questions that are played over one responder. */
const PER_WORLD = 40

const folder = mkdtempSync(join(tmpdir(), 'rcc-'))
const counts = new Map<string, number>()
const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1)
const print = (line: string) => process.stdout.write(`${line}\n`)

await buildHookScripts({ outdir: join(folder, 'hooks') })

print(`seed ${seed}, ${rounds} interleavings, ${real} with the real Claude Code`)
const startedAt = Date.now()
const wrong: string[] = []
const settling: Promise<string[]>[] = []
const [hooksDir, isWhole] = [join(folder, 'hooks'), values.only === undefined]
const script = join(hooksDir, 'permission-request.cjs')
for (let first = 0; first < rounds; first += PER_WORLD) {
  if (!isWhole && !(Number(values.only) >= first && Number(values.only) < first + PER_WORLD)) continue
  const size = Math.min(PER_WORLD, rounds - first)
  settling.push((await playWorld({ seed, first, size, folder, script, count })).settled)
}
for (const one of settling) wrong.push(...(await one))
const [one, other] = [TESTED_VERSIONS.at(-1) as string, TESTED_VERSIONS[0] as string].map((version, index) =>
  real === 0 || !isWhole
    ? []
    : playTui({ version, seed: seed + index, rounds: Math.ceil(real / 2), hooksDir, count }),
)
wrong.push(...((await one) ?? []), ...((await other) ?? []))
if (isWhole) wrong.push(...tooSeldom(counts, rounds, real))
rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 300 })
for (const [what, number] of [...counts].sort()) print(`${String(number).padStart(6)}  ${what}`)
for (const one of wrong) print(`VIOLATION ${one}`)
print(`${wrong.length} violations in ${Math.round((Date.now() - startedAt) / 1000)} s, seed ${seed}`)
process.exitCode = wrong.length === 0 ? 0 : 1
