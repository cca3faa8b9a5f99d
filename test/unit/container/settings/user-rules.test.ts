/** What Claude Code 2.1.197 and 2.1.332 were seen to do with each, alike: by `-p`, with a rule of each kind beside it. */
import { describe, expect, test } from 'vitest'
import { forBox, type SettingsFacts } from '../../../../container/settings/user-settings.ts'

const facts: SettingsFacts = {
  home: '/home/me',
  claudeDir: '/home/me/.claude',
  workspace: '/w',
  isProxied: true,
  lendsOwn: false,
  has: () => false,
  file: () => null,
}
const [allow, deny, ask] = [['Bash(touch *)'], ['Bash(mkdir *)'], ['Bash(cp *)']]
const RULES = { allow, deny, ask }
const read = (permissions: unknown) => {
  const { settings, leftOut } = forBox(JSON.stringify({ model: 'opus', permissions }), facts)
  expect(settings['model']).toBe('opus')
  return { kept: settings['permissions'], leftOut }
}

test('rules that are right stay as they are, what is unknown beside them too, and nothing is said', () => {
  const right = { ...RULES, defaultMode: 'plan', additionalDirectories: ['/x'], foo: 1 }
  expect(read(right)).toEqual({ kept: right, leftOut: [] })
  const forms = ['WebFetch', 'mcp__x__y', 'Read(./a(b))', 'Bash(echo \\()', 'NoSuch(x)', '*']
  expect(read({ deny: forms })).toEqual({ kept: { deny: forms }, leftOut: [] })
  expect(read(undefined)).toEqual({ kept: undefined, leftOut: [] })
})

describe('Claude passes over one entry, and the others hold', () => {
  test.each([1, null, {}, ['Bash(ls *)']])('that is no text: %j', (wrong) => {
    for (const name of ['allow', 'deny', 'ask'] as const) {
      const { kept, leftOut } = read({ ...RULES, [name]: [wrong, ...RULES[name]] })
      expect(kept).toEqual(RULES)
      expect(leftOut).toEqual([expect.stringContaining(`of permissions.${name}, which is no rule`)])
    }
  })

  test.each(['', 'Bash(', 'Read(a', 'bash(mkdir *)', ' Bash(mkdir *) ', 'no such rule'])(
    'that is no rule: %j; it stays for Claude to judge, and is told',
    (wrong) => {
      const { kept, leftOut } = read({ ...RULES, deny: [wrong, ...deny] })
      expect(kept).toEqual({ ...RULES, deny: [wrong, ...deny] })
      expect(leftOut).toEqual([expect.stringContaining(JSON.stringify(wrong))])
    },
  )
})

describe('Claude ignores the whole file: what forbids and asks holds all the same, and nothing is allowed', () => {
  test.each([
    ['allow', 'x'],
    ['allow', {}],
    ['allow', null],
    ['allow', 7],
    ['defaultMode', 'nonsense'],
    ['defaultMode', 7],
    ['additionalDirectories', 'x'],
    ['additionalDirectories', [1]],
    ['disableBypassPermissionsMode', 'x'],
  ])('for permissions.%s %j', (name, wrong) => {
    const { kept, leftOut } = read({ ...RULES, [name]: wrong })
    expect(kept).toEqual({ deny, ask })
    expect(leftOut[0]).toContain(`permissions.${name}, which is not of the type`)
  })

  test.each(['deny', 'ask'] as const)('for permissions.%s that is no list', (name) => {
    const other = name === 'deny' ? { ask } : { deny }
    for (const wrong of [{}, null, 7]) {
      const { kept, leftOut } = read({ ...RULES, [name]: wrong })
      expect(kept).toEqual(other)
      expect(leftOut).toHaveLength(2)
    }
    const [rule] = RULES[name]
    expect(read({ ...RULES, [name]: rule }).kept).toEqual({ ...other, [name]: [rule] })
  })

  test.each([[[]], ['x'], [null], [7]])('for permissions %j', (wrong) => {
    expect(read(wrong)).toEqual({
      kept: undefined,
      leftOut: ['Of your Claude settings left out: permissions, which is no object of lists.'],
    })
  })
})
