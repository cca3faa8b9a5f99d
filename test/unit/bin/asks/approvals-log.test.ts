import { describe, expect, test } from 'vitest'
import { lineOf } from '../../../../bin/asks/approvals-line.ts'
import { printApprovals } from '../../../../bin/asks/approvals-log.ts'
import { createOutput } from '../../../../bin/cli/output.ts'
import type { AuditView } from '../../../../server/owner-views.ts'
import type { AskId } from '../../../../server/protocol.ts'
import { createSink } from '../cli/sinks.ts'

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

describe('of a session', () => {
  test('the beginning of its name is enough', async () => {
    expect(await print({ session: 'ot' })).toEqual(await print({ session: 'other' }))
  })

  test('that is none, it says so instead of printing nothing', async () => {
    expect(await print({ session: 'nobody' })).toEqual(['Nothing has been asked in a session "nobody".'])
  })

  test('whose name could be several, none is taken', async () => {
    await expect(print({ session: '' })).rejects.toMatchObject({ code: 'ambiguous-session' })
  })
})

describe('what was answered is said', () => {
  const line = (asked: object, answered: object) =>
    lineOf({
      at: 0,
      session: 'app',
      tool: 'Bash',
      what: 'rm -rf build',
      end: entry(2, 'abc234', 'answered', { by: 'page', ...answered }),
      result: null,
      ...asked,
    })

  test('as the command that ran, not as the one that was asked for', () => {
    const text = line({}, { answer: 'allow', changed: { field: 'command', value: 'ls build' } })
    expect(text).toMatch(/allow as changed by page {2}Bash ls build {2}instead of: rm -rf build$/)
  })

  test('with the key and what the screen said to it', () => {
    const text = line(
      { tool: 'dialog', what: 'Trust?' },
      { answer: 'press', key: '#2', label: 'Yes\u001b[2J' },
    )
    expect(text).toMatch(/press #2 by page {2}dialog Trust\? {2}chose: Yes\\u\{1b\}\[2J$/)
  })

  test('with what was chosen, filled in or said', () => {
    expect(line({}, { answer: 'allow', choices: { 'Which?': 'A' } })).toMatch(/Which\? = A$/)
    expect(line({}, { answer: 'allow', content: { colour: 'red' } })).toMatch(/colour = red$/)
    expect(line({}, { answer: 'deny', message: 'not now' })).toMatch(/said: not now$/)
  })

  test('with the browser', () => {
    expect(line({}, { answer: 'allow', device: 'iPhone Safari 4f2a1c' })).toContain(
      'allow by page (iPhone Safari 4f2a1c)',
    )
  })

  test('of a remembered No as a refusal, of a remembered Yes as what was allowed', () => {
    const used = (what: string) =>
      lineOf({ at: 0, session: 'app', tool: '', what, end: entry(1, null, 'used', { what }), result: null })
    expect(used('no:domain:a.test:443')).toContain('refused before')
    expect(used('domain:a.test:443')).toContain('allowed before')
  })
})
