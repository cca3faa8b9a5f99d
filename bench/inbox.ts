/**
 * How long the inbox takes, and how large it is, with 1,000 sessions and 5,000 asks in the store, of which 1,000 wait; and what
 * the responder, a real process, holds then. Run with: sh bin/with-node bench/inbox.ts
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createOwnerClient } from '../server/client.ts'
import type { AskId, SessionId } from '../server/protocol.ts'
import { createStore } from '../server/store/store.ts'
import { startResponderProgram } from '../test/program/start.ts'
import { anAsk } from '../test/unit/server/asks.ts'

const SESSIONS = 1_000
const ASKS = 5_000
const WAITING = 1_000
const SAMPLES = 200
const LIMITS = { ms: 60, bytes: 200_000, rssMb: 120 }

const folder = mkdtempSync(join(tmpdir(), 'rc-bench-'))
const stateDir = join(folder, 's')
mkdirSync(stateDir)
const store = createStore(stateDir)
const now = Date.now()
const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
const idOf = (at: number) =>
  `a${[...String(at).padStart(6, '0')].map((digit) => letters[Number(digit)]).join('')}` as AskId
for (let at = 0; at < ASKS; at++) {
  const session = `session${String(at % SESSIONS).padStart(5, '0')}` as SessionId
  const isOver = at < ASKS - WAITING
  const times = { createdAt: now - (ASKS - at) * 1_000, deadline: now + 12 * 36e5 + at * 1_000 }
  const about = {
    input: { command: `make step-${at} && ${'npm run check '.repeat(at % 40)}` },
    kind: 'permission',
  } as const
  const end = isOver
    ? ({ state: 'answered', answer: { answer: 'allow' }, answeredBy: 'page', endedAt: now } as const)
    : {}
  const ask = anAsk({
    id: idOf(at),
    key: `k${at}`,
    session,
    sessionName: `session-${at % SESSIONS}`,
    ...times,
    ...about,
  })
  store.insert(ask, `hash-${at}`)
  if (isOver) store.end({ ...ask, ...end, decision: { behavior: 'allow' }, result: 'applied' })
}
store.close()

const gates = Array.from({ length: SESSIONS }, (_, index) => join(folder, 'g', String(index)))
const responder = await startResponderProgram({ stateDir, gates, notifications: {} })
const owner = createOwnerClient(join(stateDir, 'owner.sock'))
const { secret } = await owner.beginPairing('link')
const paired = await fetch(`${responder.phoneUrl}/pair/${secret}`, { method: 'POST', redirect: 'manual' })
const cookie = (paired.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
const view = await owner.pairing()
if (view.state === 'claimed') await owner.decidePairing(view.device, true)

const times: number[] = []
let bytes = 0
for (let sample = 0; sample < SAMPLES; sample++) {
  const began = performance.now()
  const page = await (await fetch(`${responder.phoneUrl}/`, { headers: { cookie } })).text()
  times.push(performance.now() - began)
  bytes = Math.max(bytes, Buffer.byteLength(page))
  if (sample === 0 && !page.includes(`<b id="count">${WAITING}</b>`))
    throw new Error('the inbox does not show what waits')
}
times.sort((one, other) => one - other)
const [p50 = 0, p99 = 0] = [times[SAMPLES / 2], times[Math.floor(SAMPLES * 0.99)]]
const rssMb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${responder.pid}/status`, 'utf8'))?.[1]) / 1024
process.stdout.write(
  `inbox: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (limit ${LIMITS.ms})\n` +
    `its size: ${(bytes / 1000).toFixed(0)} kB (limit ${LIMITS.bytes / 1000})\n` +
    `the responder holds ${rssMb.toFixed(0)} MB (limit ${LIMITS.rssMb})\n`,
)
await responder.kill()
rmSync(folder, { recursive: true })
process.exitCode = p99 <= LIMITS.ms && bytes <= LIMITS.bytes && rssMb <= LIMITS.rssMb ? 0 : 1
