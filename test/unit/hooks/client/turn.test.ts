/** What Claude's files say of the end of a turn, in the order in which it writes them (2.1.197 to 2.1.332). */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createJudge } from '../../../../hooks/client/turn.ts'

const SINCE = Date.parse('2026-12-01T05:52:00.000Z')
const at = (seconds: number) => new Date(SINCE + seconds * 1000).toISOString()
let folder: string
let judge: ReturnType<typeof createJudge>

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rc-turn-'))
  judge = createJudge({
    ...{ ask: 'abc234', since: SINCE, transcripts: [join(folder, 't.jsonl')] },
    // The process that writes it lives: it is ours.
    registry: [join(folder, `${process.pid}.json`)],
  })
  registry(JSON.stringify({ status: 'busy' }))
  write(speech(-1))
})
afterEach(() => rmSync(folder, { recursive: true }))

const registry = (text: string) => writeFileSync(join(folder, `${process.pid}.json`), text)
const status = (word: string) => registry(JSON.stringify({ pid: process.pid, status: word }))
const write = (...lines: object[]) =>
  appendFileSync(join(folder, 't.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
const speech = (seconds: number, more: object = {}) => ({
  ...{ isSidechain: false, type: 'assistant', timestamp: at(seconds), ...more },
  message: { role: 'assistant', content: [{ type: 'text', text: 'Said.' }] },
})
const FEEDBACK = [
  {
    type: 'attachment',
    timestamp: at(1),
    attachment: { type: 'hook_blocking_error', hookName: 'Stop', hookEvent: 'Stop' },
  },
  { type: 'system', subtype: 'stop_hook_summary', timestamp: at(1) },
  { type: 'user', timestamp: at(1), message: { role: 'user', content: 'Stop hook feedback:\nkeep going' } },
]
const missing = () => rmSync(join(folder, `${process.pid}.json`))

test.each<[string, () => void, 'over' | 'went-on' | null]>([
  ['nothing while other Stop hooks run', () => {}, null],
  [
    'nothing yet when a Stop hook has blocked, for Claude may end all the same',
    () => write(...FEEDBACK),
    null,
  ],
  ['that it went on when Claude has spoken after a block', () => write(...FEEDBACK, speech(2)), 'went-on'],
  ['nothing when a subagent speaks', () => write(speech(2, { isSidechain: true })), null],
  ['nothing for words without a time', () => write(speech(2, { timestamp: undefined })), null],
  [
    'nothing for a prompt that looks like words of Claude',
    () => write({ type: 'user', timestamp: at(2), message: { content: '"type":"assistant"' } }),
    null,
  ],
  [
    'nothing for a line that is cut off',
    () => appendFileSync(join(folder, 't.jsonl'), '{"type":"assistant"\n'),
    null,
  ],
  ['that it is over when Claude is idle', () => status('idle'), 'over'],
  [
    'that it is over when a Stop hook has blocked in vain',
    () => {
      write(...FEEDBACK)
      status('idle')
    },
    'over',
  ],
  [
    'that it is over when Claude has gone on and is idle by now',
    () => {
      write(speech(2))
      status('idle')
    },
    'over',
  ],
  ['nothing while a dialog stands', () => status('waiting'), null],
  ['that it is over when the registry has a word that nobody knows', () => status('resting'), 'over'],
  ['nothing while the registry is being written', () => registry('{"status":"bu'), null],
  ['nothing for a moment without a registry', missing, null],
])('the files say %s', (_, happens, turn) => {
  expect(judge()).toBeNull()
  happens()
  expect(judge()).toBe(turn)
})

test.each([
  ['is gone', missing],
  ['tells nothing', () => registry('{}')],
])('a registry that %s for good leaves the turn over, as without one', (_, happens) => {
  happens()
  const turns = Array.from({ length: 20 }, () => judge())
  expect(turns[0]).toBeNull()
  expect(turns.at(-1)).toBe('over')
})

test('a Claude that has ended leaves the turn over at once', () => {
  const ended = createJudge({
    ...{ ask: 'abc234', since: SINCE, transcripts: [] },
    registry: [join(folder, '999999999.json')],
  })
  expect(ended()).toBe('over')
})
