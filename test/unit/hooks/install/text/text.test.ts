import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SettingsError } from '../../../../../hooks/install/errors.ts'
import type { HookGroup } from '../../../../../hooks/install/text/groups.ts'
import { addHooks, findHooks, removeHooks } from '../../../../../hooks/install/text/text.ts'
import { BROKEN, GROUPS, isOurs, OLDER, WHOLE, withoutOurs } from '../settings-samples.ts'

const add = (text: string, groups = GROUPS) => addHooks(text, groups, isOurs)
const remove = (text: string) => removeHooks(text, isOurs)
const find = (text: string) => findHooks(text, isOurs)
const parse = (text: string) => JSON.parse(text.replace('\ufeff', ''))
const group = (event: string): HookGroup => GROUPS.find((one) => one.event === event) as HookGroup
const [stop] = group('Stop').hooks

function refusal(act: () => unknown): SettingsError {
  try {
    act()
  } catch (error) {
    if (error instanceof SettingsError) return error
    throw error
  }
  throw new Error('It was not refused.')
}

describe('our hooks are found after they were put into', () => {
  test.each(WHOLE)('%s', (_, text) => {
    const merged = add(text)
    expect(find(merged)).toEqual(expect.arrayContaining(GROUPS))
    expect(find(merged)).toHaveLength(GROUPS.length)
    expect(find(text)).toEqual([])
    expect(add(merged)).toBe(merged)
    const updated = add(add(text, OLDER))
    expect(find(updated)).toHaveLength(GROUPS.length)
    expect(withoutOurs(updated)).toEqual(withoutOurs(text))
  })
})

describe('what is refused is refused whatever is wanted, with its line:', () => {
  test.each(BROKEN)('%s', (_, text, code, line) => {
    const errors = [() => add(text), () => remove(text), () => find(text)].map(refusal)
    for (const error of errors) {
      expect(error).toMatchObject({ code, ...(line > 0 && { line }) })
      expect(error.message).toContain(line > 0 ? ` ${line}` : '')
      expect(error.message).toMatch(/^[A-Z"].*\.$/s)
      expect(error.remedy).toMatch(/\.$/)
    }
  })
})

describe('the text', () => {
  test('follows the indentation of the file', () => {
    expect(add('{\n\t"model": "opus"\n}\n', [group('Stop')])).toBe(
      [
        '{',
        '\t"model": "opus",',
        '\t"hooks": {',
        '\t\t"Stop": [',
        '\t\t\t{',
        '\t\t\t\t"hooks": [',
        '\t\t\t\t\t{',
        '\t\t\t\t\t\t"type": "command",',
        `\t\t\t\t\t\t"command": ${JSON.stringify(stop?.command)},`,
        '\t\t\t\t\t\t"timeout": 10',
        '\t\t\t\t\t}',
        '\t\t\t\t]',
        '\t\t\t}',
        '\t\t]',
        '\t}',
        '}',
        '',
      ].join('\n'),
    )
  })

  test('of a file on one line stays on one line, as tight as it was', () => {
    const handler = JSON.stringify(stop)
    expect(add('{"a":1}\n', [group('Stop')])).toBe(`{"a":1,"hooks":{"Stop":[{"hooks":[${handler}]}]}}\n`)
    expect(add('{ }', [{ event: 'Stop', matcher: 'x', hooks: [] }])).toBe(
      '{ "hooks": {"Stop": [{"matcher": "x", "hooks": []}]} }',
    )
  })

  test.each(['\n', '\r\n', '\r'])('has the line ends of the file: %j', (eol) => {
    const merged = add(`{${eol}  "model": "opus"${eol}}${eol}`)
    expect(new Set(merged.match(/\r\n|\n|\r/g))).toEqual(new Set([eol]))
  })

  test('of a new file is as Claude Code writes one', () => {
    const hooks = Object.fromEntries(GROUPS.map(({ event, ...rest }) => [event, [rest]]))
    expect(add('')).toBe(`${JSON.stringify({ hooks }, null, 2)}\n`)
  })

  test('gets ours behind the last group of an event, and new events behind the last one', () => {
    const foreign = { hooks: [{ type: 'command', command: 'echo done' }] }
    const merged = parse(
      add(JSON.stringify({ hooks: { Stop: [foreign], Other: [] }, model: 'opus' }, null, 2)),
    )
    expect(Object.keys(merged)).toEqual(['hooks', 'model'])
    expect(Object.keys(merged.hooks)).toEqual(['Stop', 'Other', 'PermissionRequest', 'Notification'])
    expect(merged.hooks.Stop).toEqual([foreign, { hooks: [stop] }])
  })
})

describe('of hooks of ours that are there already', () => {
  const foreign = { type: 'command', command: 'echo done' }

  test('those that stand in a group of somebody else are taken out, and he keeps his', () => {
    const text = JSON.stringify({ hooks: { Stop: [{ matcher: 'x', hooks: [stop, foreign, stop] }] } })
    expect(remove(text)).toBe(JSON.stringify({ hooks: { Stop: [{ matcher: 'x', hooks: [foreign] }] } }))
    expect(parse(add(text)).hooks.Stop).toEqual([{ matcher: 'x', hooks: [foreign] }, { hooks: [stop] }])
  })

  test('those of events that are no longer wanted go with the event', () => {
    expect(find(add('{}', OLDER)).map(({ event }) => event)).toContain('PreToolUse')
    expect(parse(add(add('{}', OLDER))).hooks).not.toHaveProperty('PreToolUse')
  })

  test('one that was put in twice stays once', () => {
    const twice = { hooks: { Stop: [{ hooks: [stop] }, { hooks: [stop] }] } }
    expect(find(add(JSON.stringify(twice), [group('Stop')]))).toEqual([group('Stop')])
  })

  test('those whose group got another matcher are put right', () => {
    const changed = { hooks: { Stop: [{ matcher: 'x', hooks: [stop] }] } }
    expect(find(add(JSON.stringify(changed), [group('Stop')]))).toEqual([group('Stop')])
  })

  test('the order of keys and events does not matter', () => {
    const { event, ...rest } = group('PermissionRequest')
    const text = JSON.stringify({
      hooks: { Stop: [{ hooks: [stop] }], [event]: [{ hooks: rest.hooks, matcher: '*' }] },
    })
    expect(add(text, [group('PermissionRequest'), group('Stop')])).toBe(text)
  })

  test('none is wanted, so all go', () => {
    expect(add(add('{"a": 1}'), [])).toBe('{"a": 1}')
    expect(add('', [])).toBe('')
  })

  test('what the user put behind them stays where it is', () => {
    const merged = add('{\n  "model": "opus"\n}\n').replace(/\n\}\n$/, ',\n  "env": {}\n}\n')
    expect(remove(merged)).toBe('{\n  "model": "opus",\n  "env": {}\n}\n')
  })

  test('they are many in a file of ours alone, and the new ones take the same lines', () => {
    expect(add(add('', OLDER))).toBe(add(''))
    expect(add(add('{"a":1}', OLDER))).toBe(add('{"a":1}'))
  })

  test('they are found and taken out after Claude Code has written the file anew', () => {
    const anew = `${JSON.stringify(parse(add('{\n\t"model": "opus"\n}')), null, 2)}\n`
    expect(find(anew)).toEqual(expect.arrayContaining(GROUPS))
    expect(remove(anew)).toBe('{\n  "model": "opus"\n}\n')
  })
})

/** Any settings, written in any way that JSON allows. */
const anyText = (() => {
  const handler = fc.constantFrom({ type: 'command', command: 'echo' }, { type: 'http', url: 'u' })
  const oneGroup = fc.record(
    { matcher: fc.constantFrom('', 'Bash'), hooks: fc.array(handler, { maxLength: 3 }) },
    { requiredKeys: ['hooks'] },
  )
  const events = fc.constantFrom('Stop', 'PermissionRequest', 'Other', '__proto__')
  const hooks = fc.dictionary(events, fc.array(oneGroup, { minLength: 1, maxLength: 3 }), { minKeys: 1 })
  const others = fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 })
  const spaces = fc.array(fc.constantFrom('', '', ' ', '\n', '\n  ', '\n\t', '\r\n   ', '\r', '\n\n    '), {
    minLength: 1,
    maxLength: 7,
  })
  return fc
    .tuple(others, fc.option(hooks), fc.nat(4), spaces, fc.boolean())
    .map(([rest, own, at, gaps, hasMark]) => {
      const entries = Object.entries(rest)
      if (own !== null) entries.splice(at, 0, ['hooks', own])
      return (hasMark ? '\ufeff' : '') + scatter(entries, gaps)
    })
})()

function scatter(entries: [string, unknown][], gaps: string[]): string {
  let at = 0
  const gap = () => gaps[at++ % gaps.length] ?? ''
  const list = (open: string, members: string[], close: string) =>
    open + gap() + members.map((member) => member + gap()).join(`,${gap()}`) + close
  const object = (members: [string, unknown][]): string =>
    list(
      '{',
      members.map(([name, one]) => `${JSON.stringify(name)}${gap()}:${gap()}${value(one)}`),
      '}',
    )
  const value = (one: unknown): string => {
    if (Array.isArray(one)) return list('[', one.map(value), ']')
    return typeof one === 'object' && one !== null ? object(Object.entries(one)) : JSON.stringify(one)
  }
  return gap() + object(entries) + gap()
}

describe('for any settings in any layout', () => {
  test('taking out what was put in gives the same text, and putting it in twice is putting it in once', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const merged = add(text)
        expect(remove(merged)).toBe(text)
        expect(add(merged)).toBe(merged)
        expect(add(add(text, OLDER))).toBe(merged)
        expect(find(merged)).toHaveLength(GROUPS.length)
      }),
      { numRuns: 300 },
    )
  })

  test('a text that is not JSON is refused, and one that is, is not', () => {
    const piece = fc.constantFrom(
      ...['{', '}', '[', ']', ',', ':', '"a"', '"', '1', '-', '0', '1.', '1e5', '.5', 'true', 'nul', 'null'],
      ...[
        ' ',
        '\n',
        '\t',
        '\u00a0',
        '\f',
        '\\',
        '"\\u00',
        '"\\q"',
        '"\u0001"',
        '//x',
        '/*',
        '*/',
        'NaN',
        "'a'",
      ],
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = `{"a":${pieces.join('')}}`
        const isJson = (() => {
          try {
            return JSON.parse(text) !== undefined
          } catch {
            return false
          }
        })()
        if (isJson) expect(find(text)).toEqual([])
        else expect(refusal(() => find(text)).line).toBeGreaterThan(0)
      }),
      { numRuns: 2_000 },
    )
  })
})
