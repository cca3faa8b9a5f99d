import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import {
  findCaller,
  type LookAt,
  type ProcessFacts,
  readProcess,
} from '../../../../server/doors/claude-above.ts'
import { until } from '../../../e2e/until.ts'

const dir = mkdtempSync(join(tmpdir(), 'rc-above-'))
afterAll(() => rmSync(dir, { recursive: true }))

const SHELL: ProcessFacts = {
  parent: 1,
  name: 'bash',
  argv: ['-bash'],
  program: '/usr/bin/bash',
  startedAt: '5',
  environment: {},
}
const CLAUDE = { ...SHELL, name: 'claude', argv: ['claude'], program: '/opt/claude' }
const CODE = { CLAUDECODE: '1' }

/** Processes by number: 100 is the caller's, 1 the first of the machine, and this one is always there. */
const looking =
  (processes: Record<number, Partial<ProcessFacts>>): LookAt =>
  (pid) =>
    pid === process.pid ? SHELL : processes[pid] ? { ...SHELL, ...processes[pid] } : null

describe('a caller is', () => {
  test.each<[string, ReturnType<typeof findCaller>, Record<number, Partial<ProcessFacts>>]>([
    ['a person in a shell', 'person', { 100: { parent: 99 }, 99: {} }],
    ['nobody known where it is gone', 'unknown', {}],
    ["Claude's child", { claude: 99 }, { 100: { parent: 99 }, 99: CLAUDE }],
    ["Claude's shell's child", { claude: 98 }, { 100: { parent: 99 }, 99: { parent: 98 }, 98: CLAUDE }],
    [
      'the child of one that is started by the name of its version',
      { claude: 99 },
      {
        100: { parent: 99 },
        99: { name: '2.1.332', program: '/home/me/.local/share/claude/versions/2.1.332' },
      },
    ],
    [
      "the child of npm's placeholder",
      { claude: 99 },
      { 100: { parent: 99 }, 99: { name: 'claude.exe', program: '/n/claude-code/bin/claude.exe' } },
    ],
    [
      'the child of a script of before',
      { claude: 99 },
      { 100: { parent: 99 }, 99: { name: 'node', argv: ['node', '/n/@anthropic-ai/claude-code/cli.js'] } },
    ],
    [
      'a process that has left its parents, and kept its variables',
      { claude: null },
      { 100: { environment: CODE } },
    ],
    [
      'that of a Claude that still lives',
      { claude: 50 },
      { 100: { environment: { ...CODE, CLAUDE_PID: '50' } }, 50: CLAUDE },
    ],
    [
      'a person in what a Claude had started that is gone, such as a tmux server',
      'person',
      { 100: { parent: 99, environment: { ...CODE, CLAUDE_PID: '50' } }, 99: { name: 'tmux: server' } },
    ],
    [
      'below a Claude however its variables were changed',
      { claude: 99 },
      { 100: { parent: 99, environment: { ...CODE, CLAUDE_PID: '50' } }, 99: CLAUDE },
    ],
    [
      'no Claude for a name that only begins so',
      'person',
      { 100: { parent: 99 }, 99: { name: 'claude-desktop' } },
    ],
    ['a person where the variable is empty', 'person', { 100: { environment: { CLAUDECODE: '' } } }],
    ['no Claude itself, as it only plays one', 'person', { 100: CLAUDE }],
    ['a person where parents go in a circle', 'person', { 100: { parent: 99 }, 99: { parent: 100 } }],
  ])('%s', (_, caller, processes) => {
    expect(findCaller(100, { lookAt: looking(processes) })).toEqual(caller)
  })

  test('below a Claude that was heard, whatever its program is called; but not for being one', () => {
    const lookAt = looking({ 100: { parent: 99 }, 99: { name: 'agent' } })
    expect(findCaller(100, { lookAt, isKnown: (pid) => pid === 99 })).toEqual({ claude: 99 })
    expect(findCaller(100, { lookAt, isKnown: (pid) => pid === 100 })).toBe('person')
  })

  test('a person, by its own word, where there are no processes to be seen', () => {
    expect(findCaller(100, { lookAt: () => null })).toBe('person')
  })

  test("below one that Claude's registry has with that very start, and not with another one's", () => {
    const registry = (procStart: string) =>
      writeFileSync(join(dir, 'sessions/99.json'), JSON.stringify({ procStart }))
    const environment = { CLAUDE_CONFIG_DIR: dir }
    const lookAt = looking({ 100: { parent: 99, environment }, 99: { name: 'agent', startedAt: '77' } })
    mkdirSync(join(dir, 'sessions'))
    registry('77')
    expect(findCaller(100, { lookAt })).toEqual({ claude: 99 })
    registry('76')
    expect(findCaller(100, { lookAt })).toBe('person')
  })
})

test('real processes are read: name, parent, start and variables', async () => {
  symlinkSync('/bin/sh', join(dir, 'claude'))
  const child = spawn(join(dir, 'claude'), ['-c', 'sleep 30 & echo $!; wait'], {
    env: { A: 'b=c', CLAUDECODE: '' },
  })
  try {
    let sleeper = 0
    child.stdout.on('data', (text) => {
      sleeper = Number(text)
    })
    await until(
      'the process to be there',
      async () => sleeper > 0 && readProcess(sleeper)?.argv[0] === 'sleep',
    )
    expect(readProcess(child.pid as number)).toMatchObject({ parent: process.pid, name: 'claude' })
    expect(readProcess(sleeper)).toMatchObject({
      parent: child.pid,
      environment: { A: 'b=c', CLAUDECODE: '' },
    })
    expect(findCaller(sleeper)).toEqual({ claude: child.pid })
    expect(findCaller(child.pid as number)).toBe('person')
  } finally {
    child.kill()
  }
})
