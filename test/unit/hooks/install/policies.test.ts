import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { companyVariables, findPolicy } from '../../../../hooks/install/policies.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rc-policy-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const ONLY = '{"allowManagedHooksOnly":true}'
const OFF = '{"disableAllHooks":true}'

/** As the real 2.1.332 took them, with a SessionStart hook in the user's settings: it ran exactly where null is. */
test.each<[string, Record<string, string>, string | null]>([
  ['nothing at all', {}, null],
  [
    'only managed hooks',
    { 'etc/managed-settings.json': ONLY },
    'allowManagedHooksOnly etc/managed-settings.json true',
  ],
  ['no hooks', { 'etc/managed-settings.json': OFF }, 'disableAllHooks etc/managed-settings.json true'],
  [
    'a part with it',
    { 'etc/managed-settings.d/10.json': ONLY },
    'allowManagedHooksOnly etc/managed-settings.d/10.json true',
  ],
  [
    'a part without hooks',
    { 'etc/managed-settings.d/10.json': OFF },
    'disableAllHooks etc/managed-settings.d/10.json true',
  ],
  [
    'a part that takes it back',
    { 'etc/managed-settings.json': ONLY, 'etc/managed-settings.d/1.json': '{"allowManagedHooksOnly":false}' },
    null,
  ],
  ['a hidden part', { 'etc/managed-settings.d/.10.json': ONLY }, null],
  ['a part of another kind', { 'etc/managed-settings.d/10.txt': ONLY }, null],
  [
    'a text in place of yes',
    { 'etc/managed-settings.json': '{"allowManagedHooksOnly":"true"}' },
    'allowManagedHooksOnly etc/managed-settings.json true',
  ],
  [
    'settings from afar',
    { 'home/remote-settings.json': ONLY },
    'allowManagedHooksOnly home/remote-settings.json false',
  ],
  ['other settings', { 'etc/managed-settings.json': '{"permissions":{}}' }, null],
  ['no JSON', { 'etc/managed-settings.json': '{' }, null],
  ['a list', { 'etc/managed-settings.json': '[]' }, null],
])('%s', (_, files, policy) => {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, file)), { recursive: true })
    writeFileSync(join(dir, file), text)
  }
  const found = findPolicy(join(dir, 'home'), join(dir, 'etc'))
  expect(found && `${found.key} ${found.file.slice(dir.length + 1)} ${found.isSure}`).toBe(policy)
})

test('what a company sets for Claude is told file by file, settings from afar as well', () => {
  const files = {
    'etc/managed-settings.json': '{"env":{"A":"1","B":"2"}}',
    'etc/managed-settings.d/1.json': '{"permissions":{}}',
    'etc/managed-settings.d/2.json': '{"env":null}',
    'home/remote-settings.json': '{"env":{"HTTPS_PROXY":"http://proxy"}}',
  }
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, file)), { recursive: true })
    writeFileSync(join(dir, file), text)
  }
  expect(companyVariables(join(dir, 'home'), join(dir, 'etc'))).toEqual([
    { file: join(dir, 'etc/managed-settings.json'), names: ['A', 'B'] },
    { file: join(dir, 'home/remote-settings.json'), names: ['HTTPS_PROXY'] },
  ])
})
