import { expect, test } from 'vitest'
import * as z from 'zod'
import { checkConfig } from '../../../../setup/config/check.ts'

const schema = z.strictObject({
  network: z
    .strictObject({
      mode: z.enum(['allowlist', 'none', 'bridge']).default('allowlist').describe('how far a session gets'),
      allowed_domains: z.array(z.string().min(3)).default([]),
    })
    .prefault({}),
  notifications: z
    .strictObject({
      enabled: z.boolean().default(true),
      pushover: z
        .strictObject({
          user_key: z
            .string()
            .regex(/^\w{30}$/)
            .optional(),
          api_url: z.url().optional(),
        })
        .prefault({}),
      webhook_url: z.url().optional(),
    })
    .prefault({}),
  approvals: z
    .strictObject({
      timeout: z.union([z.number().int().positive(), z.string().regex(/^\d+[smhd]$/)]).default('12h'),
    })
    .prefault({}),
  responder: z.strictObject({ port: z.number().int().min(0).max(65535).default(8422) }).prefault({}),
  claude: z
    .strictObject({
      env: z.record(z.string().regex(/^\w+$/, 'A name of letters, digits and _.'), z.string()).default({}),
      model: z.string().regex(/^\w+$/, 'A word such as opus.').optional(),
      limit: z
        .number()
        .refine((value) => value < 30, 'at most 30 days')
        .optional(),
    })
    .prefault({}),
})
const overrides = [
  { variable: 'PUSHOVER_USER_KEY', path: ['notifications', 'pushover', 'user_key'] },
  { variable: 'RC_WEBHOOK_URL', path: ['notifications', 'webhook_url'] },
]

function check(text: string, env: Record<string, string> = {}) {
  return checkConfig({ text, file: 'config.yaml', env, schema, overrides })
}

function problems(text: string, env?: Record<string, string>): string[] {
  const checked = check(text, env)
  return 'problems' in checked ? checked.problems : []
}

test.each([
  [
    'a mistyped key',
    'network:\n  mod: none\n',
    'config.yaml:2: network.mod is not a setting. Did you mean network.mode?',
  ],
  [
    'a key of another section',
    'allowed_domains: []\n',
    'config.yaml:1: allowed_domains is not a setting. Did you mean network.allowed_domains?',
  ],
  [
    'a key unlike any other',
    'network:\n  mode: none\n  colour: red\n',
    'config.yaml:3: network.colour is not a setting. network takes mode, allowed_domains.',
  ],
  [
    'an unknown section',
    'zebra: 1\n',
    'config.yaml:1: zebra is not a setting. At the top there are network, notifications, approvals, responder, claude.',
  ],
  [
    'a word that is not offered',
    'network:\n  mode: allow-list\n',
    'config.yaml:2: network.mode should be one of allowlist, none, bridge, but is "allow-list" (how far a session gets). Did you mean allowlist?',
  ],
  [
    'a number where a list belongs',
    'network:\n  allowed_domains: 7\n',
    'config.yaml:2: network.allowed_domains should be a list, but is 7.',
  ],
  [
    'a list where a section belongs',
    'network: [a]\n',
    'config.yaml:1: network should be a section with settings of its own, but is a list.',
  ],
  [
    'an entry of a list',
    'network:\n  allowed_domains:\n    - github.com\n    - 5\n',
    'config.yaml:4: network.allowed_domains[1] should be a text, but is 5.',
  ],
  [
    'an entry that is too short',
    'network:\n  allowed_domains: [ab]\n',
    'config.yaml:2: network.allowed_domains[0] should be at least 3 characters long, but is "ab".',
  ],
  [
    'a text where true or false belongs',
    'notifications:\n  enabled: "yes"\n',
    'config.yaml:2: notifications.enabled should be true or false, but is "yes".',
  ],
  [
    'a section without anything in it',
    'network:\nresponder:\n  port: 80\n',
    'config.yaml:1: network is empty. Give it a value, or remove the line.',
  ],
  [
    'a number out of range',
    'responder:\n  port: 70000\n',
    'config.yaml:2: responder.port should be at most 65535, but is 70000.',
  ],
  [
    'an address that is none',
    'notifications:\n  pushover:\n    api_url: here\n',
    'config.yaml:3: notifications.pushover.api_url should be an address such as https://example.org, but is "here".',
  ],
  [
    'none of several shapes',
    'approvals:\n  timeout: true\n',
    'config.yaml:2: approvals.timeout should be a number or a text, but is true.',
  ],
  [
    'a number among the variables',
    'claude:\n  env:\n    A: 1\n',
    'config.yaml:3: claude.env.A should be a text.',
  ],
  [
    'a value with a form of its own',
    'claude:\n  model: "a b"\n',
    'config.yaml:2: claude.model should be a word such as opus, but is "a b".',
  ],
  [
    'a value past a limit of its own',
    'claude:\n  limit: 31\n',
    'config.yaml:2: claude.limit should be at most 30 days, but is 31.',
  ],
  [
    'a variable with an impossible name',
    'claude:\n  env:\n    A: x\n    B-C: y\n',
    'config.yaml:4: claude.env.B-C has a name that cannot be used: it should be a name of letters, digits and _.',
  ],
  ['a tab', 'network:\n\tmode: none\n', 'config.yaml:2: The line is indented with a tab. YAML wants spaces.'],
  [
    'a key that stands twice',
    'network: {}\nnetwork: {}\n',
    'config.yaml:2: This key stands here for the second time. Keep one of them.',
  ],
  [
    'an unquoted star',
    'network:\n  allowed_domains:\n    - *.example.org\n',
    'config.yaml:3: *.example.org begins with a star, which YAML takes for a reference. Quote it: "*.example.org".',
  ],
  ['a list alone', '- a\n', 'config.yaml:1: The file should hold settings, a line each: "name: value".'],
  ['a text alone', 'hello', 'config.yaml:1: The file should hold settings, a line each: "name: value".'],
  [
    'two documents',
    'network: {}\n---\nnetwork: {}\n',
    'config.yaml:2: A second document begins here. Remove the line with ---.',
  ],
  [
    'a tag',
    'network: !!js/function x\n',
    'config.yaml:1: A word that begins with ! is a YAML tag, and none is known here. Quote it.',
  ],
])('%s is named with its line and what was expected', (_, text, sentence) => {
  expect(problems(text)).toEqual([sentence])
})

test('all problems are told at once, in the order of the file', () => {
  const found = problems('responder:\n  port: x\nnetwork:\n  mod: none\n  allowed_domains: 1\n')
  expect(found.map((line) => line.split(' ')[0])).toEqual([
    'config.yaml:2:',
    'config.yaml:4:',
    'config.yaml:5:',
  ])
})

test.each([
  ['an unclosed quote', 'network: "none\n'],
  ['an unclosed list', 'network: [a\n'],
  ['a colon too many', 'network: mode: none\n'],
])('%s is one sentence with file and line', (_, text) => {
  const [first] = problems(text)
  expect(first).toMatch(/^config\.yaml:\d+: [A-Z].*\.$/)
})

test.each(['', '\n', '# nothing but a comment\n'])(
  'a file without settings (%j) means all defaults',
  (text) => {
    expect(check(text)).toMatchObject({
      config: { network: { mode: 'allowlist' }, responder: { port: 8422 } },
    })
  },
)

test('references within the file are followed', () => {
  const text = 'network:\n  allowed_domains: &hosts [one.example]\nclaude: {}\nresponder: { port: 1 }\n'
  expect(check(text)).toMatchObject({ config: { network: { allowed_domains: ['one.example'] } } })
})

test('references that multiply are refused instead of filling the memory', () => {
  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]']
  for (let at = 1; at < 12; at++) {
    const below = `*${String.fromCharCode(96 + at)}`
    bomb.push(
      `${String.fromCharCode(97 + at)}: &${String.fromCharCode(97 + at)} [${Array(9).fill(below).join(',')}]`,
    )
  }
  expect(problems(`${bomb.join('\n')}\n`)[0]).toMatch(/^config\.yaml:1: The file cannot be read/)
})

test('a variable of the environment stands above the file', () => {
  const checked = check('notifications:\n  webhook_url: https://file.example\n', {
    RC_WEBHOOK_URL: 'https://environment.example',
  })
  expect(checked).toMatchObject({ config: { notifications: { webhook_url: 'https://environment.example' } } })
})

test('a variable of the environment also stands above a wrong value in the file', () => {
  const checked = check('notifications:\n  webhook_url: nonsense\n', {
    RC_WEBHOOK_URL: 'https://good.example',
  })
  expect(checked).toHaveProperty('config')
})

test('a wrong value in the environment is blamed on its variable, not on a line', () => {
  const env = { PUSHOVER_USER_KEY: 'short', RC_WEBHOOK_URL: 'nonsense' }
  const found = problems('network: {}\n', env)
  expect(found).toHaveLength(2)
  expect(found[0]).toMatch(
    /^PUSHOVER_USER_KEY in the environment: notifications\.pushover\.user_key should be/,
  )
  expect(found[1]).toMatch(/^RC_WEBHOOK_URL in the environment: /)
})

test('an empty variable counts as none', () => {
  expect(check('', { RC_WEBHOOK_URL: '' })).toHaveProperty('config')
})

test('no message repeats a secret', () => {
  const text = 'notifications:\n  pushover:\n    user_key: my-very-secret\n  webhook_url: my-very-secret\n'
  expect(problems(text).join('\n')).not.toContain('my-very-secret')
  expect(problems('', { PUSHOVER_USER_KEY: 'my-very-secret' }).join('\n')).not.toContain('my-very-secret')
  expect(problems('claude:\n  env:\n    X: [my-very-secret]\n').join('\n')).not.toContain('my-very-secret')
})

test('a key named like an inherited property is an unknown key', () => {
  expect(problems('constructor: 1\n')[0]).toContain('constructor is not a setting.')
  expect(problems('network:\n  toString: 1\n')[0]).toContain('network.toString is not a setting.')
  expect(problems('__proto__: { polluted: 1 }\n')[0]).toMatch(/^config\.yaml:/)
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})
