/** Settings files as people have them, whole and broken, and hooks of ours to put into them. */
import type { Handler, HookGroup } from '../../../../hooks/install/text/groups.ts'

export const isOurs = (handler: unknown) =>
  typeof handler === 'object' &&
  handler !== null &&
  String((handler as { command?: unknown }).command).startsWith(': remote-claude ')

const ours = (script: string, more: object = {}): Handler => ({
  type: 'command',
  command: `: remote-claude 1; exec '/usr/bin/node' '/opt/${script}.cjs'`,
  timeout: 10,
  ...more,
})

export const GROUPS: HookGroup[] = [
  { event: 'PermissionRequest', matcher: '*', hooks: [ours('permission-request', { timeout: 43_260 })] },
  { event: 'Notification', hooks: [ours('notification')] },
  { event: 'Stop', hooks: [ours('stop')] },
]

/** As an older version of ours left them: one event less, one that is no longer wanted, other times. */
export const OLDER: HookGroup[] = [
  { event: 'PermissionRequest', matcher: '*', hooks: [ours('permission-request', { timeout: 600 })] },
  { event: 'PreToolUse', matcher: 'Bash', hooks: [ours('pre-tool-use', { if: 'Bash(git push *)' })] },
  { event: 'Stop', hooks: [ours('stop')] },
]

const inEvent = (event: string, ...groups: unknown[]) => ({ hooks: { [event]: groups } })
const ECHO = { type: 'command', command: 'echo done' }
const SETTINGS = {
  model: 'opus',
  permissions: { allow: ['Bash(npm run *)'], deny: ['Read(./.env)'] },
  hooks: { Stop: [{ hooks: [ECHO] }], PreToolUse: [{ matcher: 'Bash', hooks: [ECHO] }] },
  env: { FOO: 'bar' },
}
const pretty = (value: object, indent: string | number = 2) => `${JSON.stringify(value, null, indent)}\n`
const withCrlf = (text: string) => text.replaceAll('\n', '\r\n')

type Loose = { hooks?: Record<string, { hooks: unknown[] }[]> }

/** What the text says but for hooks of ours and what is empty without them, found in another way than the product's. */
export function withoutOurs(text: string): unknown {
  const { hooks = {}, ...rest } = JSON.parse(text.replace('\ufeff', '').trim() || '{}') as Loose
  const events = Object.entries(hooks).map(([event, groups]) => {
    const kept = groups.map((group) => ({ ...group, hooks: group.hooks.filter((one) => !isOurs(one)) }))
    return [
      event,
      kept.filter((group, at) => group.hooks.length === groups[at]?.hooks.length || group.hooks.length > 0),
    ] as const
  })
  return { ...rest, hooks: Object.fromEntries(events.filter(([, groups]) => groups.length > 0)) }
}

/** Texts without hooks of ours, which we can put ours into. */
export const WHOLE: [name: string, text: string][] = [
  ['nothing at all', ''],
  ['white space only', '  \n\t\n'],
  ['white space with CRLF', '\r\n\r\n'],
  ['a byte order mark only', '\ufeff'],
  ['an empty object', '{}'],
  ['an empty object with a line end', '{}\n'],
  ['an empty object on one line with spaces', '  {   }  \n'],
  ['an empty object over two lines', '{\n}\n'],
  ['an empty object over several lines', '{\n\n  \n}\n'],
  ['as Claude Code writes it', pretty(SETTINGS)],
  ['no line end at the end', pretty(SETTINGS).trimEnd()],
  ['several line ends at the end', `${pretty(SETTINGS)}\n\n`],
  ['white space around', `\n\n  ${pretty(SETTINGS)}  \n`],
  ['tabs', pretty(SETTINGS, '\t')],
  ['four spaces', pretty(SETTINGS, 4)],
  ['three spaces', pretty(SETTINGS, 3)],
  ['a space and a tab', pretty(SETTINGS, ' \t')],
  ['lines without indentation', pretty(SETTINGS).replace(/^ +/gm, '')],
  ['indentation that differs from line to line', pretty(SETTINGS).replace(/^ {4}/gm, '\t   ')],
  ['one line', JSON.stringify(SETTINGS)],
  ['one line with spaces', '{ "model": "opus", "env": { "A": "1" } }\n'],
  ['members that share lines', '{ "model": "opus",\n  "env": {}, "hooks":\n  { "Stop": [ ] } }\n'],
  ['brackets that share lines', '{\n  "hooks": {\n    "Stop": [{\n      "hooks": []\n    }]\n  }\n}\n'],
  ['commas that begin lines', '{\n    "model": "opus"\n  , "env": {}\n  , "hooks": {}\n}\n'],
  ['spaces before colons', '{\n  "model" : "opus",\n  "hooks" : { }\n}\n'],
  ['CRLF', withCrlf(pretty(SETTINGS))],
  ['CRLF and LF mixed', pretty(SETTINGS).replace(/,\n/g, ',\r\n')],
  ['CR only', pretty(SETTINGS).replaceAll('\n', '\r')],
  ['a byte order mark', `\ufeff${pretty(SETTINGS)}`],
  ['a byte order mark and CRLF', `\ufeff${withCrlf(pretty(SETTINGS, 4))}`],
  ['no hooks', pretty({ model: 'opus' })],
  ['empty hooks', pretty({ model: 'opus', hooks: {} })],
  ['empty hooks that are alone', pretty({ hooks: {} })],
  ['an empty event', pretty(inEvent('Stop'))],
  ['hooks in the middle', pretty({ a: 1, hooks: SETTINGS.hooks, z: 2 })],
  ['a group that holds nothing', pretty(inEvent('Stop', { matcher: '', hooks: [] }))],
  ['several groups', pretty(inEvent('Stop', { hooks: [ECHO] }, { hooks: [ECHO, ECHO] }))],
  [
    'the same event with a matcher',
    pretty(inEvent('PermissionRequest', { matcher: 'Bash|Edit', hooks: [ECHO] })),
  ],
  [
    'a handler with if',
    pretty(inEvent('PreToolUse', { matcher: 'Bash', hooks: [{ ...ECHO, if: 'Bash(git *)' }] })),
  ],
  [
    'handlers of all types',
    pretty(
      inEvent('Stop', {
        hooks: [
          { type: 'http', url: 'https://example.org/hook', headers: { A: '$B' }, allowedEnvVars: ['B'] },
          { type: 'prompt', prompt: 'Is it done?' },
          { type: 'agent', prompt: 'Look.', timeout: 60 },
          { type: 'mcp_tool', server: 'lab', tool: 'tell', input: {} },
        ],
      }),
    ),
  ],
  ['async handlers', pretty(inEvent('Stop', { hooks: [{ ...ECHO, async: true, asyncRewake: true }] }))],
  ['the exec form', pretty(inEvent('Stop', { hooks: [{ type: 'command', command: 'node', args: ['x'] }] }))],
  ['unknown keys everywhere', pretty({ x: 1, hooks: { Stop: [{ y: 2, hooks: [{ ...ECHO, z: {} }] }] } })],
  ['events that nobody knows', pretty(inEvent('FutureEvent', { hooks: [ECHO] }))],
  ['a handler that only speaks of us', pretty(inEvent('Stop', { hooks: [{ ...ECHO, command: 'rc ls' }] }))],
  [
    'numbers that JSON cannot hold',
    '{"a": 1e400, "b": 12345678901234567890, "c": -0, "d": 1.0, "e": 1E+2}\n',
  ],
  ['escapes', '{\n  "\\u0068i": "\\u00e4\\/\\ud83d\\ude00\\ud800 \u2028 ä 😀",\n  "model": "\\"x\\""\n}\n'],
  ['a name written with escapes', '{\n  "\\u0068ooks": {"\\u0053top": [{"hook\\u0073": []}]}\n}\n'],
  ['names that objects have', '{"__proto__": {"a": 1}, "constructor": 1, "toString": [], "": null}\n'],
  ['such names among the hooks', '{"hooks": {"__proto__": [{"hooks": []}], "constructor": []}}\n'],
  ['other names twice', '{\n  "env": {"A": 1, "A": 2},\n  "model": "a",\n  "model": "b"\n}\n'],
  [
    'hooks deeper down',
    pretty({ x: { hooks: 'mine' }, hooks: { Stop: [{ hooks: [ECHO], x: { hooks: 1 } }] } }),
  ],
  ['hooks as a text', '{"a": "\\"hooks\\": {", "b": ["hooks", "{", "]"]}'],
  ['a hundred levels', `{"deep": ${'['.repeat(100)}${']'.repeat(100)}}\n`],
  ['blank lines', '{\n\n  "model": "opus",\n\n\n  "hooks": {\n\n    "Stop": [\n\n    ]\n\n  }\n\n}\n'],
  ['white space at line ends', pretty(SETTINGS).replaceAll('\n', ' \t\n')],
]

/** Texts that are refused. Line 0 stands for none. */
export const BROKEN: [name: string, text: string, code: string, line: number][] = [
  ['a line comment', '{\n  // mine\n  "model": "opus"\n}\n', 'settings-comment', 2],
  ['a block comment', '{\n  "model": "opus"\n}\n\n/* mine\n*/\n', 'settings-comment', 5],
  ['a comment after a comma', '{\n  "model": "opus", // mine\n}\n', 'settings-comment', 2],
  ['a comma after the last member', '{\n  "model": "opus",\n}\n', 'settings-trailing-comma', 2],
  ['a comma after the last entry', '{\r\n  "a": [1,\r\n\r\n  ]\r\n}\r\n', 'settings-trailing-comma', 2],
  ['two commas', '{\n  "a": 1,,\n  "b": 2\n}\n', 'settings-invalid', 2],
  ['a comma missing', '{\n  "a": 1\n  "b": 2\n}\n', 'settings-invalid', 3],
  ['a colon missing', '{\n  "a" 1\n}\n', 'settings-invalid', 2],
  ['a value missing', '{\n  "a": \n}\n', 'settings-invalid', 3],
  ['a brace missing', '{\n  "a": {\n}\n', 'settings-invalid', 4],
  ['a bracket missing', '{"a": [1', 'settings-invalid', 1],
  ['the second half missing', pretty(SETTINGS).slice(0, 120), 'settings-invalid', 8],
  ['names without quotes', '{\n  model: "opus"\n}\n', 'settings-invalid', 2],
  ['single quotes', "{'model': 'opus'}", 'settings-invalid', 1],
  ['a text over two lines', '{\n  "a": "b\nc"\n}\n', 'settings-invalid', 2],
  ['a wrong escape', '{"a": "C:\\Users"}', 'settings-invalid', 1],
  ['an incomplete \\u', '{\n\n"a": "\\u00"}', 'settings-invalid', 3],
  ['a control character', '{"a": "\u0007"}', 'settings-invalid', 1],
  ['a NUL', '{"a": 1}\n\u0000', 'settings-invalid', 2],
  ['a word that is none', '{"a": True}', 'settings-invalid', 1],
  ['a number with a leading zero', '{"a": 01}', 'settings-invalid', 1],
  ['an incomplete number', '{"a": 1.}', 'settings-invalid', 1],
  ['no-break spaces', '{\u00a0"a": 1}', 'settings-invalid', 1],
  ['two documents', '{"a": 1}\n{"b": 2}\n', 'settings-invalid', 2],
  ['conflict markers of git', '<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> b\n', 'settings-invalid', 1],
  ['plain text', 'model = opus\n', 'settings-invalid', 1],
  [
    'a hundred thousand levels',
    `{"deep": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    'settings-invalid',
    0,
  ],
  ['a list', '\n[]\n', 'settings-shape', 2],
  ['a text', '"hooks"', 'settings-shape', 1],
  ['null', 'null', 'settings-shape', 1],
  ['hooks that are a list', '{\n  "hooks": []\n}\n', 'settings-shape', 2],
  ['hooks that are null', '{"hooks": null}', 'settings-shape', 1],
  ['an event that is an object', '{"hooks":\n{"Stop":\n{}}}', 'settings-shape', 3],
  ['an event that is a text', pretty({ hooks: { Stop: 'echo done' } }), 'settings-shape', 3],
  ['a group that is a text', pretty(inEvent('Stop', 'echo done')), 'settings-shape', 4],
  ['a group that is null', pretty(inEvent('Other', null)), 'settings-shape', 4],
  ['a handler where a group belongs', pretty(inEvent('Stop', ECHO)), 'settings-shape', 4],
  ['a group whose hooks are an object', pretty(inEvent('Stop', { hooks: ECHO })), 'settings-shape', 5],
  ['a hook that is a text', pretty(inEvent('Stop', { hooks: [ECHO, 'echo done'] })), 'settings-shape', 10],
  ['a hook that is null', pretty(inEvent('Stop', { hooks: [null] })), 'settings-shape', 6],
  ['hooks twice', '{\n  "hooks": {},\n  "model": "opus",\n  "hooks": {}\n}\n', 'settings-twice', 4],
  ['hooks twice, once with escapes', '{"hooks": {},\n"\\u0068ooks": {}}', 'settings-twice', 2],
  ['an event twice', '{"hooks": {\n"Stop": [],\n"Other": [],\n"Stop": []}}', 'settings-twice', 4],
  ['hooks of a group twice', '{"hooks": {"Stop": [{"hooks": [],\n"hooks": []}]}}', 'settings-twice', 2],
]

/** A text of more than five megabytes. */
export function hugeText(): string {
  const entries = Array.from({ length: 40_000 }, (_, at) => ({
    at,
    text: 'lorem "ipsum" dolor\nsit amet '.repeat(2),
  }))
  return pretty({ ...SETTINGS, entries }, 4)
}
