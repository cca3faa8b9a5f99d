/**
 * How long an answer takes: from the POST of the answer at the phone door until the hook's stdout is closed, and until
 * the hook has ended, which Claude waits for, with one open ask and with 500 in 100 sessions; and from a hook's POST
 * until its push has left. The responder and the hooks that are answered are real processes, the other hooks connections
 * that wait. Run with: sh bin/with-node bench/answer.ts
 */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createOwnerClient } from '../server/client.ts'
import type { AskView } from '../server/protocol.ts'
import { startResponderProgram } from '../test/program/start.ts'

const SAMPLES = 200
const SESSIONS = 100
const script = join(import.meta.dirname, '../dist/hooks/permission-request.cjs')
const fixture = join(import.meta.dirname, '../test/fixtures/hooks/PermissionRequest-Bash.json')
const input = JSON.parse(readFileSync(fixture, 'utf8')) as { tool_name: string; tool_input: object }
const folder = mkdtempSync(join(tmpdir(), 'rc-bench-'))
const gates = Array.from({ length: SESSIONS }, (_, index) => join(folder, 'g', String(index)))

const pushed: ((at: number) => void)[] = []
const phone = createServer((asked, response) => {
  const at = performance.now()
  let text = ''
  asked.on('data', (chunk) => (text += chunk))
  asked.on('end', () => {
    response.end()
    // News of an end are no push.
    if ('title' in JSON.parse(text)) pushed.shift()?.(at)
  })
})
await new Promise<void>((resolve) => phone.listen(0, '127.0.0.1', resolve))
const { port } = phone.address() as AddressInfo
const stateDir = join(folder, 'state')
const responder = await startResponderProgram({ stateDir, gates, webhook: `http://127.0.0.1:${port}/` })
const owner = createOwnerClient(join(stateDir, 'owner.sock'))

/** A request at a session's hook door; resolves with the reply's JSON. */
function ask(gate: string, method: string, path: string, body?: object): Promise<{ id: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' }
    const call = request({ socketPath: join(gate, 'hooks.sock'), method, path, headers }, (response) => {
      let text = ''
      response.on('data', (chunk) => (text += chunk)).on('end', () => resolve(JSON.parse(text || 'null')))
    })
    call.on('error', reject)
    call.end(body && JSON.stringify(body))
  })
}

const draft = () => ({
  v: 1,
  kind: 'permission',
  key: randomUUID(),
  context: { claude_session: 'bench', cwd: '/' },
  tool: 'Bash',
  input: { command: 'git push' },
  client_wait_ms: 3_600_000,
})

/** Milliseconds from a hook's POST until its push arrived. */
async function timePush(gate: string): Promise<{ ms: number; id: string }> {
  const arrived = new Promise<number>((resolve) => pushed.push(resolve))
  const start = performance.now()
  const { id } = await ask(gate, 'POST', '/asks', draft())
  return { ms: (await arrived) - start, id }
}

/** Milliseconds from the POST of an answer until the stdout of the hook that waits for it is closed, and until it has ended. */
async function timeAnswer(gate: string): Promise<[number, number]> {
  const arrived = new Promise<number>((resolve) => pushed.push(resolve))
  const hook = spawn(process.execPath, [script, '--gate', gate, '--give-up-ms', '60000'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const transcript = join(folder, `${randomUUID()}.jsonl`)
  const use = { type: 'tool_use', id: 'call', name: input.tool_name, input: input.tool_input }
  writeFileSync(transcript, `${JSON.stringify({ message: { content: [use] } })}\n`)
  hook.stdin.end(JSON.stringify({ ...input, transcript_path: transcript }))
  let printed = ''
  hook.stdout.on('data', (chunk) => (printed += chunk))
  const closed = new Promise<number>((resolve) => hook.stdout.once('end', () => resolve(performance.now())))
  const ended = new Promise<number>((resolve) => hook.once('exit', () => resolve(performance.now())))
  await arrived
  const open = (await owner.asks(false)).findLast((one) => one.session === `session-${gates.indexOf(gate)}`)
  const { url, digest } = open as AskView
  // A phone has loaded the page before it taps.
  await fetch(url ?? '').then((page) => page.text())
  // Nobody reads and taps sooner, and the hook has settled down to wait by then.
  await new Promise((resolve) => setTimeout(resolve, 150))
  const start = performance.now()
  const response = await fetch(url ?? '', {
    method: 'POST',
    body: new URLSearchParams({ answer: 'allow', digest }),
    redirect: 'manual',
  })
  if (response.status !== 303) throw new Error(`the answer was refused with ${response.status}`)
  const times: [number, number] = [(await closed) - start, (await ended) - start]
  // As Claude does, so that the witness sees it and ends instead of looking on beside the next sample.
  const word = { type: 'hook_permission_decision', decision: 'allow', toolUseID: 'call' }
  const result = { type: 'tool_result', tool_use_id: 'call', content: 'done' }
  appendFileSync(
    transcript,
    `${JSON.stringify({ attachment: word })}\n${JSON.stringify({ message: { content: [result] } })}\n`,
  )
  if (!printed.includes('"allow"')) throw new Error('the hook printed no decision')
  return times
}

/** Milliseconds that this machine takes to start and end a Node that does nothing: what the rest compares to. */
async function timeNode(): Promise<number> {
  const start = performance.now()
  await new Promise((resolve) => spawn(process.execPath, ['-e', '0']).once('close', resolve))
  return performance.now() - start
}

type Figure = { what: string; limit: number | null }
const figures: (Figure & { times: number[] })[] = []

/** `time` gives one number for each figure. */
async function measure(rows: Figure[], time: (gate: string) => Promise<number[]>): Promise<void> {
  const seen: number[][] = []
  for (let sample = 0; sample < SAMPLES; sample++) seen.push(await time(gates[sample % SESSIONS] ?? ''))
  for (const [at, row] of rows.entries())
    figures.push({ ...row, times: seen.map((one) => one[at] ?? Number.NaN) })
}
const answers = (open: string, limit: number): Figure[] => [
  { what: `answer to closed stdout, ${open}`, limit },
  { what: `answer to the hook's end, ${open}`, limit: null },
]

await measure([{ what: 'node -e 0', limit: null }], async () => [await timeNode()])
await measure(answers('1 open ask', 20), timeAnswer)
const waiting: Promise<unknown>[] = []
await measure([{ what: 'hook event to push, up to 200 open asks', limit: 30 }], async (gate) => {
  const { ms, id } = await timePush(gate)
  waiting.push(ask(gate, 'GET', `/asks/${id}/outcome`).catch(() => {}))
  return [ms]
})
for (let more = SAMPLES; more < 499; more++) {
  const gate = gates[more % SESSIONS] ?? ''
  const { id } = await timePush(gate)
  waiting.push(ask(gate, 'GET', `/asks/${id}/outcome`).catch(() => {}))
}
await measure(answers('500 open asks in 100 sessions', 40), timeAnswer)

for (const { what, times, limit } of figures) {
  const sorted = times.sort((left, right) => left - right)
  // By nearest rank: the smallest that is no less than this part of all.
  const at = (part: number) => sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN
  const [p50, p99] = [at(0.5), at(0.99)]
  process.stdout.write(
    `${what}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms${limit === null ? '' : ` (limit ${limit} ms)`}\n`,
  )
  if (limit !== null && !(p99 <= limit)) process.exitCode = 1
}
await responder.kill()
await Promise.all(waiting)
phone.closeAllConnections()
phone.close()
rmSync(folder, { recursive: true })
