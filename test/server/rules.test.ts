import { expect, test } from 'vitest'
import { findRules } from '../../server/rules.ts'

const bash = (rules: string[], command: string) => findRules(rules, 'Bash', { command })

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
])('the rule Bash(%s) is found in %s', (spec, command) => {
  expect(bash([`Bash(${spec})`], command)).toEqual([`Bash(${spec})`])
})

test.each([
  ['git push *', 'git pull'],
  ['git push *', 'mygit push x'],
  ['aws * rb *', 'aws s3 ls'],
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
