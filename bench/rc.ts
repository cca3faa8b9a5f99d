/**
 * What a warm `rc --version` costs, as a ratio to a bare start of the same Node. At most 1.5.
 * Run with: sh bin/with-node bench/rc.ts
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const ROUNDS = 40
const LIMIT = 1.5
const rc = fileURLToPath(new URL('../bin/rc', import.meta.url))

const commands = {
  node: [process.execPath, '-e', '0'],
  rc: [rc, '--version'],
} as const

function time([program, ...args]: readonly [string, ...string[]]): number {
  const start = performance.now()
  const { status } = spawnSync(program, args, { stdio: 'ignore' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}`)
  return performance.now() - start
}

function median(values: number[]): number {
  return values.sort((left, right) => left - right)[values.length >> 1] ?? 0
}

// The first call may build.
time(commands.rc)
const times = { node: [] as number[], rc: [] as number[] }
// Taking turns spreads whatever else the machine does over both.
for (let round = 0; round < ROUNDS; round++) {
  times.node.push(time(commands.node))
  times.rc.push(time(commands.rc))
}
const ratio = median(times.rc) / median(times.node)
process.stdout.write(
  `rc --version ${median(times.rc).toFixed(1)} ms, node -e 0 ${median(times.node).toFixed(1)} ms, ratio ${ratio.toFixed(2)} (limit ${LIMIT})\n`,
)
process.exitCode = ratio <= LIMIT ? 0 : 1
