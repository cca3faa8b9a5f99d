/**
 * What a warm `rc --version` costs, as a ratio to a bare start of the same Node. At most 1.5.
 * Run with: sh bin/with-node bench/rc.ts
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { conclude, median } from './median.ts'

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

// The first call may build.
time(commands.rc)
const times = { node: [] as number[], rc: [] as number[] }
// Taking turns spreads whatever else the machine does over both.
for (let round = 0; round < ROUNDS; round++) {
  times.node.push(time(commands.node))
  times.rc.push(time(commands.rc))
}
const [node, ours] = [median(times.node), median(times.rc)]
conclude(`rc --version ${ours.toFixed(1)} ms, node -e 0 ${node.toFixed(1)} ms`, ours / node, LIMIT)
