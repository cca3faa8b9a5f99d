import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bringHooks } from '../../../../container/settings/user-hooks.ts'
import { EVENT_NAMES, leftOut, toGroups } from '../../../../hooks/install/block.ts'
import { isOurs, isOursOf, readCommand, toCommand } from '../../../../hooks/install/command.ts'

const AWKWARD = ['$HOME', '`id`', "it's", '"two words"', '\\', '; exit 3', '*', '', 'ä 🙂']

let dir: string
let node: string
let script: string

beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'rc-c-')), 'a folder of $(id)\'s "own"; \\')
  mkdirSync(dir)
  node = join(dir, "no'de")
  script = join(dir, 'hook s=.cjs')
  symlinkSync(process.execPath, node)
  writeFileSync(
    script,
    'process.stdout.write(JSON.stringify([process.env.NODE_OPTIONS, ...process.argv.slice(2)]))',
  )
})
afterEach(() => rmSync(join(dir, '..'), { recursive: true }))

/** As Claude Code starts it. */
const run = (command: string, env: Record<string, string> = {}) => {
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', command], {
    input: '{"tool_input":{"command":"$(touch /tmp/never)"}}',
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', HOME: dir, ...env },
  })
  return { status, stdout, stderr }
}
const SILENT = { status: 0, stdout: '', stderr: '' }

describe('the command of an installed hook', () => {
  test('starts its script with every argument as it is, wherever everything lies', () => {
    const { status, stdout } = run(toCommand({ node, script, args: AWKWARD }))
    expect([status, JSON.parse(stdout)]).toEqual([0, [null, ...AWKWARD]])
  })

  test('does not let NODE_OPTIONS of a project in', () => {
    const { stdout } = run(toCommand({ node, script, args: [] }), { NODE_OPTIONS: '--no-such-option' })
    expect(JSON.parse(stdout)).toEqual([null])
  })

  test.each<[string, () => void]>([
    ['Node is gone', () => rmSync(node)],
    [
      'Node is no program',
      () => {
        rmSync(node)
        writeFileSync(node, '')
      },
    ],
    ['the script is gone', () => rmSync(script)],
    ['everything is gone', () => rmSync(dir, { recursive: true })],
    [
      'a folder lies in the place of Node',
      () => {
        rmSync(node)
        mkdirSync(node)
        chmodSync(node, 0o644)
      },
    ],
  ])('ends at once, without a word and with 0, when %s', (_, spoil) => {
    const command = toCommand({ node, script, args: AWKWARD })
    spoil()
    expect(run(command)).toEqual(SILENT)
  })

  test('of a plugin ends where settings hold one of ours, and only there', () => {
    const command = toCommand({
      node,
      script,
      args: ['x'],
      unlessIn: ['"$HOME/.claude/settings.json"', '"$NOWHERE/x"'],
    })
    expect(run(command).stdout).toContain('"x"')
    mkdirSync(join(dir, '.claude'))
    const write = (settings: object) =>
      writeFileSync(join(dir, '.claude/settings.json'), JSON.stringify(settings))
    write({ hooks: {} })
    expect(run(command).stdout).toContain('"x"')
    write({
      hooks: { Stop: [{ hooks: [{ type: 'command', command: toCommand({ node, script, args: [] }) }] }] },
    })
    expect(run(command)).toEqual(SILENT)
  })

  test('says what it starts, whatever that is called', () => {
    const word = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', '').replaceAll('\0', ''))
    fc.assert(
      fc.property(word, word, fc.array(word), (node, script, args) => {
        expect(readCommand(toCommand({ node, script, args }))).toEqual({ node, script, args })
      }),
    )
  })

  test('is told from all others', () => {
    expect(isOurs({ type: 'command', command: toCommand({ node, script, args: [] }) })).toBe(true)
    expect(isOurs({ type: 'command', command: ': remote-claude 0; an older one' })).toBe(true)
    for (const other of [
      null,
      undefined,
      'text',
      7,
      [],
      {},
      { command: 7 },
      { command: 'echo : remote-claude 1' },
    ])
      expect(isOurs(other)).toBe(false)
    expect(readCommand(': remote-claude 0; an older one')).toBeNull()
  })

  test('is not carried into a container of ours, which has its own, and hooks of others are', () => {
    const handler = { type: 'command', command: toCommand({ node, script, args: [] }), timeout: 10 }
    const theirs = { type: 'command', command: 'echo hello' }
    const given = { Stop: [{ hooks: [theirs, handler] }], SessionEnd: [{ hooks: [handler] }] }
    const home = { home: '/home/me', claudeDir: '/home/me/.claude', workspace: '/w' }
    const facts = { ...home, has: () => true, file: () => null }
    expect(bringHooks(given, facts)).toMatchObject({ hooks: { Stop: [{ hooks: [theirs] }] }, leftOut: [] })
  })
})

describe('what is installed', () => {
  const places = { node: '/n', hooksDir: '/h', door: ['--gate', '/g'], log: '/l', seconds: 600 }
  const events = (wanted: { events?: string[]; allTools?: boolean }) =>
    toGroups({ ...places, allTools: false, version: '2.1.332', ...wanted }).map(({ event, matcher }) => [
      event,
      matcher,
    ])

  test('is every event but the one of each tool call', () => {
    expect(events({}).map(([event]) => event)).toEqual(EVENT_NAMES.filter((event) => event !== 'PreToolUse'))
  })

  test('is what was named, and each tool call where that is wished', () => {
    expect(events({ events: ['Stop'] })).toEqual([['Stop', undefined]])
    expect(events({ events: ['Stop'], allTools: true })).toEqual([
      ['PreToolUse', '*'],
      ['Stop', undefined],
    ])
    expect(events({ events: ['PreToolUse'] })).toEqual([['PreToolUse', '*']])
  })

  test('gives up before Claude does, where it waits', () => {
    const [ask] = toGroups({ ...places, allTools: false, version: '2.1.332', events: ['PermissionRequest'] })
    const { args } = readCommand(ask?.hooks[0]?.command ?? '') ?? { args: [] as string[] }
    const giveUp = Number(args[args.indexOf('--give-up-ms') + 1])
    expect(giveUp).toBeGreaterThan(600_000)
    expect(giveUp).toBeLessThan((ask?.hooks[0]?.timeout ?? 0) * 1000)
  })
})

describe('what is written follows from the Claude that will read it', () => {
  const places = { node: '/n', hooksDir: '/h', door: ['--gate', '/g'], log: '/l', seconds: 60 }
  const events = (version: string | null, named?: string[]) =>
    toGroups({ ...places, allTools: false, version, ...(named && { events: named }) }).map(
      ({ event }) => event,
    )

  test.each<[string | null, string[]]>([
    ['2.1.332', []],
    ['2.1.78', []],
    ['2.1.77', ['StopFailure']],
    ['2.1.74', ['Elicitation', 'StopFailure']],
    ['2.0.44', ['PermissionRequest', 'Elicitation', 'StopFailure']],
    [null, ['Elicitation', 'StopFailure']],
  ])('%s gets all but %j, and that is told', (version, missing) => {
    expect(leftOut({ allTools: false, version })).toEqual(missing)
    expect(events(version)).toHaveLength(8 - missing.length)
    for (const event of missing) expect(events(version)).not.toContain(event)
  })

  test('an event that is named is written where nobody knows better, and never where it voids the file', () => {
    expect(events(null, ['StopFailure'])).toEqual(['StopFailure'])
    expect(events('2.1.77', ['StopFailure', 'Stop'])).toEqual(['Stop'])
    expect(events('1.0.30')).toEqual([])
  })
})

test('lines of another place in the same file are not ours to change, and those without a script are', () => {
  const line = (script: string) => ({ type: 'command', command: toCommand({ node: '/n', script, args: [] }) })
  const isHere = isOursOf((script) => script.startsWith('/opt/remote-claude/'))
  expect(isHere(line('/opt/remote-claude/hooks/stop.cjs'))).toBe(true)
  expect(isHere(line('/home/me/rc/dist/hooks/stop.cjs'))).toBe(false)
  expect(isHere({ type: 'command', command: ': remote-claude 0; an older one' })).toBe(true)
  expect(isHere({ type: 'command', command: 'true' })).toBe(false)
})
