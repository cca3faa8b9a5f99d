/**
 * What the way out costs: from a container without a network through our relay and proxy, through two plain socat that
 * do the same without deciding anything, and from a container that has the host's own network. All to one server on
 * loopback. Run with: sh bin/with-node bench/egress.ts
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from 'esbuild'
import { execa } from 'execa'
import { median } from './median.ts'

const ROUNDS = Number(process.env['ROUNDS'] ?? 7)
const MB = 1024 * 1024
const here = join(import.meta.dirname, './egress')
const root = join(import.meta.dirname, '..')
const folder = await mkdtemp(join(tmpdir(), 'rc-bench-'))
const gate = join(folder, 'gate')
await mkdir(gate)

const children: ChildProcess[] = []
/** Starts a process on the host and waits for its first line. */
async function begin(command: string, ...args: string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const [line] = await once(child.stdout, 'data')
  return String(line).trim()
}

/** Starts a container that has the load and our relay, and no capability to do harm with. */
async function box(name: string, network: string, command: string): Promise<string> {
  const mounts = [`${gate}:/gate:ro`, `${here}:/load:ro`, `${join(folder, 'relay.cjs')}:/relay.cjs:ro`]
  const args = ['run', '-d', '--rm', '--init', '--network', network, '--name', `${name}-${process.pid}`]
  const image = ['--entrypoint', 'sh', 'remote-claude', '-c', command]
  return (await execa('docker', [...args, ...mounts.flatMap((one) => ['-v', one]), ...image])).stdout
}

const boxes: string[] = []
type Way = { container: string; port: string; env?: string[] }
async function load({ container, port, env = [] }: Way, ...what: (string | number)[]): Promise<number> {
  const inside = ['node', '/load/load.ts', port, ...what.map(String)]
  return Number(
    (await execa('docker', ['exec', ...env.flatMap((one) => ['-e', one]), container, ...inside])).stdout,
  )
}

try {
  const relay = join(folder, 'relay.cjs')
  await build({
    entryPoints: [join(root, 'container/image/relay.ts')],
    outfile: relay,
    bundle: true,
    platform: 'node',
  })
  const port = await begin(process.execPath, join(here, 'server.ts'))
  const target = `host.docker.internal:${port}`
  await begin(process.execPath, join(here, 'door.ts'), folder, target)
  const plain = join(gate, 'plain.sock')
  children.push(spawn('socat', [`UNIX-LISTEN:${plain},fork,backlog=128`, `TCP:127.0.0.1:${port}`]))
  const listen =
    'socat TCP-LISTEN:3129,bind=127.0.0.1,fork,reuseaddr,backlog=128 UNIX-CONNECT:/gate/plain.sock'
  boxes.push(await box('rc-bench-none', 'none', `node /relay.cjs /gate/egress.sock 3128 & exec ${listen}`))
  boxes.push(await box('rc-bench-host', 'host', 'exec sleep infinity'))
  const [closed = '', open = ''] = boxes
  const ours = { container: closed, port: '3128', env: [`TARGET=${target}`] }
  const forward = { ...ours, env: [...ours.env, 'FORWARD=1'] }
  const socat = { container: closed, port: '3129' }
  const direct = { container: open, port }
  await sleep(500)

  const ways = { ours, socat, direct, forward }
  type Times = Record<keyof typeof ways, number[]>
  const none = (): Times => ({ ours: [], socat: [], direct: [], forward: [] })
  const measured = { one: none(), fifty: none(), small: none() }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, way] of Object.entries(ways) as [keyof Times, Way][]) {
      measured.one[name].push(await load(way, 'download', 1, 1024 * MB))
      measured.fifty[name].push(await load(way, 'download', 50, 20 * MB))
      measured.small[name].push(await load(way, 'requests', 500, 200))
    }
  }
  const one = median(measured.one.socat) / median(measured.one.ours)
  const fifty = median(measured.fifty.socat) / median(measured.fifty.ours)
  const added = median(measured.small.ours) - median(measured.small.direct)
  const forwarded = median(measured.small.forward) - median(measured.small.direct)
  const say = (text: string) => process.stdout.write(`${text}\n`)
  say(`one connection, 1 GB: ${one.toFixed(2)} of socat's throughput (limit 0.60)`)
  say(`50 connections, 20 MB each: ${fifty.toFixed(2)} of socat's throughput (limit 1.00)`)
  say(`one small request on a new connection: ${added.toFixed(2)} ms more than direct, p50 (limit 1 ms)`)
  say(`the same as plain HTTP, without a tunnel: ${forwarded.toFixed(2)} ms more`)
  if (one < 0.6 || fifty < 1 || added >= 1) process.exitCode = 1
} finally {
  await Promise.all(boxes.map((one) => execa('docker', ['rm', '-f', one])))
  for (const child of children) child.kill()
  await rm(folder, { recursive: true })
}
