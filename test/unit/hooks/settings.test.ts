import { describe, expect, test } from 'vitest'
import { DEFAULT_ASK } from '../../../hooks/default-rules.ts'
import { approvalsOptions } from '../../../hooks/options.ts'
import { managedSettings, permissionArgs } from '../../../hooks/settings.ts'
import { deadlines } from '../../../server/protocol.ts'

const where = { runner: ['/usr/bin/node'], hooksDir: '/opt/hooks', gate: '/run/gate', log: '/tmp/log' }
const settingsFor = (approvals: object) =>
  managedSettings({ ...where, approvals: approvalsOptions.parse(approvals) })

test('the default list asks before a push, with and without arguments', () => {
  expect(DEFAULT_ASK).toContain('Bash(git push)')
  expect(DEFAULT_ASK).toContain('Bash(git push *)')
  expect(new Set(DEFAULT_ASK).size).toBe(DEFAULT_ASK.length)
})

describe('guarded', () => {
  const settings = settingsFor({ ask: ['Bash(git push *)', 'WebFetch'], deny: ['Bash(rm *)'] })

  test("the user's rules become Claude's own", () => {
    expect(settings.permissions).toEqual({ ask: ['Bash(git push *)', 'WebFetch'], deny: ['Bash(rm *)'] })
  })

  test('PreToolUse is registered for the rules and nothing else, so that a plain call starts no process', () => {
    const handlers = settings.hooks['PreToolUse']?.flatMap(({ matcher, hooks }) =>
      hooks.map((hook) => [matcher, hook.if]),
    )
    expect(handlers).toEqual([
      ['Bash', 'Bash(git push *)'],
      ['Bash', 'Bash(rm *)'],
      ['WebFetch', 'WebFetch'],
    ])
    expect(settings.hooks['PostToolUse']).toBeUndefined()
  })

  test('the waiting hook is given more time by Claude than it takes for itself', () => {
    const [hook] = settings.hooks['PermissionRequest']?.[0]?.hooks ?? []
    const giveUpMs = Number(hook?.args[hook.args.indexOf('--give-up-ms') + 1])
    expect(giveUpMs).toBe(deadlines(12 * 3600).clientMs)
    expect(hook?.timeout).toBeGreaterThan(giveUpMs / 1000)
  })

  test('no handler goes through a shell', () => {
    for (const { hooks } of Object.values(settings.hooks).flat()) {
      for (const hook of hooks)
        expect(hook).toMatchObject({ command: where.runner[0], args: expect.any(Array) })
    }
  })
})

test("a rule for an MCP server's tools has its hook at the tools that its wildcard is for", () => {
  const [matcher] = settingsFor({ ask: ['mcp__lab__*'] }).hooks['PreToolUse'] ?? []
  expect(matcher).toMatchObject({ matcher: 'mcp__lab__.*', hooks: [{ if: 'mcp__lab__*' }] })
})

test('in every mode nobody else hooks in: no settings file, no plugin, no mod, no helper for keys', () => {
  for (const mode of ['guarded', 'all', 'off'] as const) {
    expect(settingsFor({ mode })).toMatchObject({
      allowManagedHooksOnly: true,
      apiKeyHelper: '',
      pluginConfigs: { 'cc-plugin-sec-default@builtin': { options: { allowManagedModsOnly: true } } },
    })
  }
})

test('in the other modes no rule of ours asks, and what is denied stays denied', () => {
  for (const mode of ['all', 'off'] as const) {
    expect(settingsFor({ mode, deny: ['Bash(rm *)'] }).permissions).toEqual({ ask: [], deny: ['Bash(rm *)'] })
  }
})

test('Claude is always told its permission mode', () => {
  expect(permissionArgs('guarded')).toEqual(['--dangerously-skip-permissions'])
  expect(permissionArgs('off')).toEqual(['--dangerously-skip-permissions'])
  expect(permissionArgs('all')[0]).toBe('--permission-mode')
})

describe('approvals in the configuration', () => {
  test.each([
    [3600, 3600],
    ['90m', 5400],
    ['12h', 43_200],
    ['1d', 86_400],
  ])('a timeout of %s is %s seconds', (text, seconds) => {
    expect(approvalsOptions.parse({ timeout: text }).timeout).toBe(seconds)
  })

  test.each([[0], [-1], ['0h'], ['soon'], ['31d'], [1.5]])('a timeout of %s is refused', (timeout) => {
    expect(approvalsOptions.safeParse({ timeout }).success).toBe(false)
  })

  test.each([['Bash('], ['git push'], [''], ['Bash()']])('the rule %s is refused', (rule) => {
    expect(approvalsOptions.safeParse({ ask: [rule] }).success).toBe(false)
  })
})

test('what starts a script stands before it, so that nothing the agent may set reaches it', () => {
  const runner = ['/bin/busybox', 'env', '-i', '/usr/bin/node']
  const { hooks } = managedSettings({ ...where, runner, approvals: approvalsOptions.parse({}) })
  for (const { command, args } of Object.values(hooks).flatMap((matchers) =>
    matchers.flatMap((one) => one.hooks),
  )) {
    expect(command).toBe('/bin/busybox')
    expect(args.slice(0, 3)).toEqual(['env', '-i', '/usr/bin/node'])
    expect(args[3]).toMatch(/^\/opt\/hooks\/[a-z-]+\.cjs$/)
  }
})
