/**
 * What our permission-request script costs until its ask is accepted, as a ratio to a bare start of the same Node.
 * Run with: sh bin/with-node bench/hook.ts
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { conclude, median } from './median.ts'

const ROUNDS = 60
const root = join(import.meta.dirname, '..')
const script = join(root, 'dist/hooks/permission-request.cjs')
const input = readFileSync(join(root, 'test/fixtures/hooks/PermissionRequest-Bash.json'))
const gate = mkdtempSync(join(tmpdir(), 'rc-bench-'))

let onAccepted = () => {}
const responder = createServer((request, response) => {
  request.resume().on('end', () => {
    const isAsk = request.url === '/asks'
    const body = isAsk ? { v: 1, id: 'bench2', deadline: 0, slice_ms: 1000 } : { state: 'expired' }
    response.writeHead(isAsk ? 201 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (isAsk) onAccepted()
  })
})
await new Promise<void>((resolve) => responder.listen(join(gate, 'hooks.sock'), resolve))

/** Milliseconds from the start of the process until `isDone` says so. */
async function time(args: string[], until: 'exit' | 'accepted'): Promise<number> {
  const start = performance.now()
  let end = 0
  onAccepted = () => {
    if (until === 'accepted') end = performance.now()
  }
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'inherit'] })
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  await new Promise((resolve) => child.once('exit', resolve))
  if (until === 'exit') end = performance.now()
  if (end === 0) throw new Error('the ask was never accepted')
  return end - start
}

const times = { node: [] as number[], hook: [] as number[] }
for (let round = 0; round < ROUNDS; round++) {
  times.node.push(await time(['-e', '0'], 'exit'))
  times.hook.push(await time([script, '--gate', gate, '--give-up-ms', '60000'], 'accepted'))
}
responder.close()
rmSync(gate, { recursive: true })
const [node, hook] = [median(times.node), median(times.hook)]
conclude(
  `permission-request ${hook.toFixed(1)} ms until accepted, node -e 0 ${node.toFixed(1)} ms`,
  hook / node,
  2,
)
