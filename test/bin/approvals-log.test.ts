import { expect, test } from 'vitest'
import { printApprovals } from '../../bin/approvals-log.ts'
import { createOutput } from '../../bin/output.ts'
import type { AuditView } from '../../server/audit.ts'
import type { AskId } from '../../server/protocol.ts'
import { createSink } from './sinks.ts'

const entry = (
  number: number,
  ask: string | null,
  event: string,
  detail: object,
  session = 'app',
): AuditView => ({
  number,
  at: number * 1000,
  event,
  session,
  ask: ask as AskId | null,
  ...detail,
})
const ENTRIES = [
  entry(1, 'abc234', 'asked', { kind: 'permission', tool: 'Bash', what: 'git push\u001b[2J' }),
  entry(2, 'def567', 'asked', { kind: 'reply', tool: null, what: 'Done.' }, 'other'),
  entry(3, 'abc234', 'answered', { by: 'page', answer: 'allow', latency: 4_200 }),
  entry(4, 'abc234', 'result', { result: 'applied', reason: null }),
  entry(5, 'def567', 'superseded', { because: 'newer', latency: 120_000 }),
  entry(6, null, 'used', { what: 'domain:a.test:443' }),
]
const client = { audit: async (after: number) => ENTRIES.filter(({ number }) => number > after).slice(0, 2) }

async function print(change: { session?: string; json?: boolean }) {
  const sink = createSink()
  const output = createOutput({ stdout: sink, stderr: sink })
  await printApprovals({ client, output, session: null, json: false, follow: false, ...change })
  return sink.text().trim().split('\n')
}

test('each ask is one line, with who answered, after how long, and what came of it', async () => {
  const lines = await print({})
  expect(lines).toHaveLength(3)
  expect(lines[0]).toMatch(/app {2}allow by page {2}after 4\.2 s {2}applied {2}Bash git push/)
  expect(lines[1]).toMatch(/other {2}superseded: newer {2}after 2 min {2}reply Done\./)
})

test('what an agent wrote does not reach the terminal as it is', async () => {
  expect((await print({})).join('')).not.toContain('\u001b')
})

test('of one session only its own', async () => {
  expect(await print({ session: 'other' })).toHaveLength(1)
})

test('for programs every entry is a line of JSON', async () => {
  expect((await print({ json: true })).map((line) => JSON.parse(line))).toEqual(ENTRIES)
})
