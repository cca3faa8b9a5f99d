import { expect, test } from 'vitest'
import { DEFAULT_ASK } from '../../../../hooks/default-rules.ts'
import { findRules, isCertain } from '../../../../server/claude/rules.ts'
import { ASKED, NOT_ASKED } from '../../../fixtures/commands.ts'

const bash = (rules: readonly string[], command: string) => findRules(rules, 'Bash', { command })

test.each([
  ['git push *', 'git push origin main'],
  ['git push *', 'git push'],
  ['git push *', 'cd x && git push origin'],
  ['git push *', '(git push origin)'],
  ['git push *', 'A=1 git push origin'],
  ['git push *', "bash -c 'git push origin'"],
  ['git push *', 'true;git push'],
  ['git * push *', 'git -C . push origin'],
  ['aws * rb *', 'aws s3 rb s3://x'],
  ['npm run test:*', 'npm run test:unit'],
  ['*', 'anything'],
  ['git push', 'git push && git pull'],
  ['git push *', 'git  push\torigin'],
  ['git push * --force*', "git push origin '--force'"],
  ['git push * --force*', 'git push origin --fo""rce'],
  ['git push *', 'git \\\n  push origin'],
])('the rule Bash(%s) is found in %s', (spec, command) => {
  expect(bash([`Bash(${spec})`], command)).toEqual([`Bash(${spec})`])
})

test.each([
  ['git push *', 'git pull'],
  ['git push *', 'mygit push x'],
  ['aws * rb *', 'aws s3 ls'],
  ['git push', 'git push origin main'],
])('the rule Bash(%s) is not found in %s', (spec, command) => {
  expect(bash([`Bash(${spec})`], command)).toEqual([])
})

test('a rule about a tool is found for that tool only, and one about Edit for every tool that writes', () => {
  expect(findRules(['WebFetch', 'Edit(/etc/**)'], 'WebFetch', {})).toEqual(['WebFetch'])
  expect(findRules(['WebFetch', 'Edit(/etc/**)'], 'Write', { file_path: '/x' })).toEqual(['Edit(/etc/**)'])
})

test('a rule with many stars looks through a megabyte once, not for ever', () => {
  const command = `x ${'a'.repeat(1024 * 1024)}`
  const started = performance.now()
  const plain = bash(['Bash(zzz)'], command)
  const once = performance.now() - started
  expect(bash(['Bash(* a * a * a * b *)'], command)).toEqual(plain)
  expect(performance.now() - started).toBeLessThan(once * 1000 + 2000)
})

test('a rule about files is not found in a command: Claude does not ask for it there (2.1.330)', () => {
  expect(findRules(['Read(~/.ssh/**)'], 'Bash', { command: 'cat ~/.ssh/config' })).toEqual([])
})

test('every command that Claude asks for by the default rules is found, and none of every day is certain', () => {
  for (const command of ASKED) expect([command, bash(DEFAULT_ASK, command)]).not.toEqual([command, []])
  for (const command of NOT_ASKED)
    for (const rule of DEFAULT_ASK)
      expect([command, rule, isCertain([rule], 'Bash', { command })]).toContain(false)
})

test("a rule with a wildcard is found for an MCP server's tools", () => {
  expect(findRules(['mcp__lab__*', 'mcp__other__*', 'mcp__*__echo'], 'mcp__lab__echo', {})).toEqual([
    'mcp__lab__*',
    'mcp__*__echo',
  ])
})

test("a rule about an MCP server is found for the server's tools", () => {
  expect(findRules(['mcp__lab', 'mcp__la'], 'mcp__lab__echo', {})).toEqual(['mcp__lab'])
})

const certain = (rules: readonly string[], input: { command: string } & Record<string, string | boolean>) =>
  isCertain(findRules(rules, 'Bash', input), 'Bash', input)

test.each([
  'git push origin main',
  'git -C . push origin HEAD~1',
  'gh pr create --title "Fix it; really" --body \'costs $5\'',
  'sudo ls',
  'npm publish ./dist --tag next',
])('of %s the default rules say for certain what it is', (command) => {
  expect(certain(DEFAULT_ASK, { command, description: 'x', timeout: true })).toBe(true)
})

test.each([
  'git push && make deploy',
  'git push origin main; make deploy',
  'git push origin main | sh',
  'git push origin main & make deploy',
  'git push origin main\nmake deploy',
  'git push origin $(make deploy)',
  'git push origin `make deploy`',
  'git push origin "$(make deploy)"',
  'git push origin <(make deploy)',
  'git push origin > x',
  'git push origin {a,b}',
  'git push origin *',
  'git push origin \\',
  "bash -c 'git push origin main'",
  'timeout 5 git push origin main',
  'GIT_SSH_COMMAND=x git push origin main',
  'git push origin sudo-fix',
  'cd x && git push origin main',
  'git push',
])('of %s no rule says for certain what it is', (command) => {
  expect(certain(DEFAULT_ASK, { command })).toBe(false)
})

test('a command that is too long to be read is nothing certain', () => {
  expect(certain(DEFAULT_ASK, { command: `git push origin ${'x'.repeat(10_000)}` })).toBe(false)
})

test('a field of Bash that is not known leaves nothing certain', () => {
  expect(certain(DEFAULT_ASK, { command: 'git push x', dangerouslyDisableSandbox: true })).toBe(false)
})

test('of other tools only a rule about every call is certain', () => {
  expect(isCertain(['WebFetch'], 'WebFetch', { url: 'https://a.test' })).toBe(true)
  expect(isCertain(['WebFetch', 'WebFetch(domain:a.test)'], 'WebFetch', {})).toBe(false)
  expect(isCertain(['Edit'], 'Write', { file_path: '/a' })).toBe(false)
  expect(isCertain(['mcp__lab'], 'mcp__lab__echo', {})).toBe(false)
  expect(isCertain([], 'WebFetch', {})).toBe(false)
  expect(isCertain(['Bash'], 'Bash', { command: ['git', 'push'] })).toBe(false)
})
