import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { watchCall } from '../../../../hooks/client/transcript.ts'
import { judge } from '../../../../hooks/client/witness.ts'

const call = { tool: 'Bash', input: { command: 'git push' } }
/** When the hook was asked. */
const ASKED = Date.parse('2026-11-28T10:00:00.000Z')
let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rc-transcript-'))
  file = join(folder, 'transcript.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

const write = (...lines: object[]) =>
  appendFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
const use = (id: string, { name = 'Bash', input = { command: 'git push' } as object } = {}) => ({
  type: 'assistant',
  message: { content: [{ type: 'tool_use', id, name, input }] },
})
const word = (id: string, decision: string) => ({
  type: 'attachment',
  attachment: { type: 'hook_permission_decision', decision, toolUseID: id, hookEvent: 'PermissionRequest' },
})
const result = (id: string, content = 'done') => ({
  type: 'user',
  message: { content: [{ type: 'tool_result', tool_use_id: id, content }] },
})
const resultAt = (id: string, sinceAskedMs: number) => ({
  ...result(id),
  timestamp: new Date(ASKED + sinceAskedMs).toISOString(),
})

describe('a call in the transcript', () => {
  test('is found when it is written later than the hook started', () => {
    const watch = watchCall([file], call, { since: ASKED })
    expect(watch.id()).toBeNull()
    write(use('t1'))
    expect(watch.id()).toBe('t1')
  })

  test('is found though Claude added defaults to what the model sent', () => {
    write(use('t1', { name: 'Edit', input: { file_path: '/a', new_string: 'x' } }))
    const given = { tool: 'Edit', input: { new_string: 'x', replace_all: false, file_path: '/a' } }
    expect(watchCall([file], given, { since: ASKED }).id()).toBe('t1')
  })

  test('is not taken for another one of the same tool', () => {
    write(use('t1', { input: { command: 'git push --force' } }))
    expect(watchCall([file], call, { since: ASKED }).id()).toBeNull()
  })

  test('is not told from its twin, not even when only one of them is left', () => {
    write(use('t1'), use('t2'))
    const watch = watchCall([file], call, { since: ASKED })
    expect(watch.id()).toBeNull()
    write(result('t1'))
    expect(watch.id()).toBeNull()
    expect(watch.end()).toBeNull()
  })

  test('is the open one when the same call has ended before', () => {
    write(use('t1'), result('t1'), use('t2'))
    expect(watchCall([file], call, { since: ASKED }).id()).toBe('t2')
  })

  test('is found when all of it is written at once, after the hook has answered', () => {
    const watch = watchCall([file], call, { since: ASKED })
    expect(watch.end()).toBeNull()
    write(use('t0'), resultAt('t0', -1), use('t1'), word('t1', 'allow'), resultAt('t1', 900))
    expect(watch.end()).toMatchObject({ hook: 'allow', at: ASKED + 900 })
  })

  test('is not told from its twin when all of both is written at once', () => {
    write(use('t1'), word('t1', 'allow'), resultAt('t1', 900), use('t2'), resultAt('t2', 1_000))
    expect(watchCall([file], call, { since: ASKED }).end()).toBeNull()
  })

  test('is not an equal one that had ended before, though that is written only now', () => {
    write(use('t0'))
    const watch = watchCall([file], call, { since: ASKED })
    expect(watch.id()).toBe('t0')
    write(resultAt('t0', -1), use('t1'))
    expect(watch.end()).toBeNull()
    expect(watch.id()).toBe('t1')
  })

  test("that has ended is nobody's where the line does not say when", () => {
    write(use('t1'), result('t1'))
    expect(watchCall([file], call, { since: ASKED }).end()).toBeNull()
  })

  test('ends by the word of a hook where one stands before its result', () => {
    write(use('t1'), word('t1', 'allow'), result('t1'))
    expect(watchCall([file], call, { since: ASKED, id: 't1' }).end()).toMatchObject({
      hook: 'allow',
      rejected: false,
    })
  })

  test('ends without one where none stands, whatever stands there for another call', () => {
    write(use('t1'), use('t2', { input: { command: 'ls' } }), word('t2', 'allow'), result('t1'))
    expect(watchCall([file], call, { since: ASKED, id: 't1' }).end()).toMatchObject({
      hook: null,
      rejected: false,
    })
  })

  test('was rejected where the result says so in the words of Claude', () => {
    write(
      use('t1'),
      result('t1', "The user doesn't want to proceed with this tool use. The tool use was rejected"),
    )
    expect(watchCall([file], call, { since: ASKED, id: 't1' }).end()).toMatchObject({
      hook: null,
      rejected: true,
    })
  })

  test.each([
    ['never ran, where Claude says so', { toolDenialKind: 'user-rejected', toolDenialBeforeRun: true }, true],
    ['may have run, where it does not', { toolDenialKind: 'user-rejected' }, false],
  ])('was rejected and %s', (_, told, neverRan) => {
    write(use('t1'), { ...result('t1', "The user doesn't want to proceed with this tool use."), ...told })
    expect(watchCall([file], call, { since: ASKED, id: 't1' }).end()).toMatchObject({
      rejected: true,
      neverRan,
    })
  })

  test('is not disturbed by half a line, rubbish and other shapes', () => {
    write(use('t1'))
    const watch = watchCall([file], call, { since: ASKED })
    expect(watch.id()).toBe('t1')
    appendFileSync(file, 'tool_result{\nnull tool_use\n[]\n{"message":{"content":[null,3,"tool_use"]}}\n')
    const text = JSON.stringify(result('t1'))
    appendFileSync(file, text.slice(0, 20))
    expect(watch.end()).toBeNull()
    appendFileSync(file, `${text.slice(20)}\n`)
    expect(watch.end()).toMatchObject({ hook: null, rejected: false })
  })

  test('is nowhere when there is no transcript', () => {
    expect(watchCall([join(folder, 'nothing')], call, { since: ASKED }).end()).toBeNull()
  })
})

describe('the witness says', () => {
  const yes = { behavior: 'allow', stops: false, isPlain: true, isAgent: false, message: null } as const
  const no = { ...yes, behavior: 'deny', isPlain: false } as const
  const done = { hook: null, rejected: false, neverRan: false, letGo: false, text: '', at: ASKED } as const
  const byHook = (hook: 'allow' | 'deny') => ({ ...done, hook })
  const rejected = (neverRan: boolean) => ({ ...done, rejected: true, neverRan })

  test.each([
    ['a Yes that a hook gave', yes, byHook('allow'), { result: 'applied' }],
    ['a No that a hook gave', no, byHook('deny'), { result: 'applied' }],
    ['a No while the keyboard said Yes', no, done, 'Claude had got a Yes already'],
    ['a Yes while the keyboard said No', yes, rejected(true), 'Claude had got a No already'],
    ['a No while the keyboard said No', no, rejected(false), 'Claude had got a No already'],
    ['a Yes that came after the Yes of the keyboard', yes, done, 'Claude had got a Yes already'],
    ['a Yes where another hook said No', yes, byHook('deny'), 'another hook of Claude Code answered first'],
    [
      'a No that stops Claude, in the words of a No at the keyboard',
      { ...no, stops: true },
      rejected(false),
      { result: 'applied' },
    ],
  ])('of %s: %3$j', (_, told, end, said) => {
    const expected = typeof said === 'string' ? { result: 'not-applied', reason: said } : said
    expect(judge(told, end, false)).toEqual(expected)
  })

  test('nothing, ever, of a Yes where Claude does not tell whether Esc came before or into the run', () => {
    expect(judge(yes, rejected(false), false)).toBeNull()
  })

  const agentYes = { ...yes, isAgent: true } as const
  const agentNo = { ...no, isAgent: true, message: 'not now' } as const
  test.each([
    ['a Yes, when the tool ran', agentYes, 'done', { result: 'applied' }],
    ['a changed Yes, when a tool ran', { ...agentYes, isPlain: false }, 'done', null],
    ['a No, when its words are the result', agentNo, 'not now', { result: 'applied' }],
    [
      'a No, when the tool ran',
      agentNo,
      'done',
      { result: 'not-applied', reason: 'Claude had got a Yes already' },
    ],
  ])('of a subagent without any word of a hook, of %s: %3$j', (_, told, text, said) => {
    expect(judge(told, { ...done, text }, false)).toEqual(said)
  })

  test('applied of a plain Yes when its command is seen running', () => {
    expect(judge(yes, null, true)).toEqual({ result: 'applied' })
  })

  test.each([
    ['a Yes of which nothing is seen', yes, false],
    ['a Yes with a changed input, while a command runs', { ...yes, isPlain: false }, true],
    ['a No, while a command runs', no, true],
  ])('nothing yet of %s', (_, told, runs) => {
    expect(judge(told, null, runs)).toBeNull()
  })
})
