/**
 * How long a push takes: from a hook's POST until the request of each service has come, all of them set up at once; and
 * what a responder does while 1,000 questions wait, each with a step of an escalation ahead. The responder is a real process.
 * Run with: sh bin/with-node bench/push.ts [MINUTES]. Minutes of idling: 5 unless given.
 */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PUSH_SERVICES } from '../server/push/services/index.ts'
import { startResponderProgram } from '../test/program/start.ts'
import type { StandIn } from '../test/unit/server/push/services/stand-in.ts'

const SAMPLES = 200
const SESSIONS = 100
const WAITING = 1_000
const LIMIT_MS = 20
const IDLE_LIMIT = 0.002
/** Clock ticks a second (man 5 proc). */
const TICKS = 100
const minutes = Number(process.argv[2] ?? 5)
const folder = mkdtempSync(join(tmpdir(), 'rc-bench-'))
const gates = Array.from({ length: SESSIONS }, (_, index) => join(folder, 'g', String(index)))

const standIns = await Promise.all(
  PUSH_SERVICES.map(async ({ name }): Promise<[string, StandIn]> => {
    const { startStandIn } = await import(`../test/unit/server/push/services/${name}.ts`)
    return [name, await startStandIn()]
  }),
)
const notifications = Object.assign({}, ...standIns.map(([, one]) => one.notifications))

/** Opens an ask as a hook does. */
function open(gate: string, command: string): Promise<void> {
  const context = { claude_session: 'bench', cwd: '/' }
  const draft = {
    v: 1,
    kind: 'permission',
    key: randomUUID(),
    context,
    tool: 'Bash',
    input: { command },
    client_wait_ms: 36e5,
  }
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' }
    const call = request(
      { socketPath: join(gate, 'hooks.sock'), method: 'POST', path: '/asks', headers },
      (response) => response.resume().on('end', resolve),
    )
    call.on('error', reject).end(JSON.stringify(draft))
  })
}
const at = (values: readonly number[], part: number) =>
  [...values].sort((one, other) => one - other)[
    Math.min(values.length - 1, Math.floor(values.length * part))
  ] ?? Number.NaN
const say = (line: string) => void process.stdout.write(`${line}\n`)

let isKept = true
{
  const responder = await startResponderProgram({ stateDir: join(folder, 'one'), gates, notifications })
  const times = new Map<string, number[]>(standIns.map(([name]) => [name, []]))
  let begun = 0
  let command = ''
  let left = new Set<string>()
  let done = () => {}
  for (const [name, { recorder }] of standIns) {
    const push = recorder.received.push.bind(recorder.received)
    recorder.received.push = (...all) => {
      if (
        all.some(({ body }) => JSON.stringify(body).includes(command) || name === 'email') &&
        left.delete(name)
      ) {
        times.get(name)?.push(performance.now() - begun)
        if (left.size === 0) done()
      }
      return push(...all)
    }
  }
  for (let sample = 0; sample < SAMPLES + 5; sample++) {
    command = `make sample${sample}x`
    left = new Set(standIns.map(([name]) => name))
    const all = new Promise<void>((resolve) => {
      done = resolve
    })
    begun = performance.now()
    await open(gates[sample % SESSIONS] ?? '', command)
    await all
    // The first ones load what is loaded once, and open connections.
    if (sample === 4) for (const list of times.values()) list.length = 0
  }
  for (const [name, list] of times) {
    const [p50, p99] = [at(list, 0.5), at(list, 0.99)]
    isKept &&= p99 <= LIMIT_MS
    say(
      `hook event to ${name.padEnd(8)}  p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms  (limit ${LIMIT_MS})`,
    )
  }
  await responder.kill()
}
{
  const attention = { grace: 30, escalate: [{ after: '20h', priority: 'urgent' }], batch: 20 }
  const settings = { ...notifications, attention }
  const responder = await startResponderProgram({
    stateDir: join(folder, 'two'),
    gates,
    notifications: settings,
    askMs: 864e5,
  })
  for (let ask = 0; ask < WAITING; ask++) await open(gates[ask % SESSIONS] ?? '', `make wait-${ask}`)
  // What rings now has rung, crowds have had their minute, and hooks that are gone have been missed.
  await new Promise((resolve) => setTimeout(resolve, 120_000))
  const cpu = () => {
    const fields = readFileSync(`/proc/${responder.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / TICKS
  }
  const before = cpu()
  await new Promise((resolve) => setTimeout(resolve, minutes * 60_000))
  const share = (cpu() - before) / (minutes * 60)
  isKept &&= share <= IDLE_LIMIT
  say(
    `${WAITING} questions wait: ${(share * 100).toFixed(3)} % of a processor over ${minutes} min (limit ${IDLE_LIMIT * 100} %)`,
  )
  await responder.kill()
}
for (const [, { recorder }] of standIns) await recorder.close()
rmSync(folder, { recursive: true })
process.exitCode = isKept ? 0 : 1
