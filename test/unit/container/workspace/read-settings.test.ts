import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { findPrograms, type Setting } from '../../../../container/workspace/git-config.ts'
import { readSettings } from '../../../../container/workspace/read-settings.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rc-settings-'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

const of = (name: string, value: string): Setting => ({ name, value })

test.each<[string, Setting[]]>([
  ['', []],
  ['# nothing\n', []],
  ['[core]\n\tbare', [of('core.bare', 'true')]],
  ['[core] bare = false ; no\n', [of('core.bare', 'false')]],
  ['[core]\n\thooksPath = "my # hooks"\n', [of('core.hookspath', 'my # hooks')]],
  ['[submodule "x"]\n\tupdate = ""!cmd\n', [of('submodule.x.update', '!cmd')]],
  ['[Alias]\n\tX = a \\\n  b\n', [of('alias.x', 'a   b')]],
  ['[a "b.C \\" d"]\n\te = "\\n"\n', [of('a.b.C " d.e', '\n')]],
  ['\ufeff[core]\r\n\tpager = less\r\n', [of('core.pager', 'less')]],
  ['[include]\n\tpath = /etc/passwd\n', [of('include.path', '/etc/passwd')]],
])('%j is read as git reads it', async (text, settings) => {
  expect(await readSettings(text)).toEqual({ settings })
})

test('a value that only git takes for a command is one that runs', async () => {
  const { settings } = await readSettings('[submodule "x"]\n\tupdate = ""!cmd\n')
  expect(findPrograms(settings ?? [])).toEqual(['submodule.x.update'])
})

test.each([
  ['[core\n', 'git refuses to read it, its line 1'],
  ['[core]\n\tbare = "x\n', 'git refuses to read it, its line 2'],
  ['[core]\n\tbare\0\n', 'it has a zero byte in it'],
  [`[a "${'x'.repeat(500_000)}"]\n${'b\n'.repeat(250_000)}`, 'it is too much to read'],
])('a text that git does not read whole is unreadable, not empty', async (text, why) => {
  expect(await readSettings(text)).toEqual({ settings: null, why })
})

test('git that is missing, that never ends, and a time that is used up make it unreadable', async () => {
  const text = '[core]\n\tbare\n'
  expect(await readSettings(text, 0)).toEqual({ settings: null, why: 'there was no time left to read it' })
  vi.stubEnv('PATH', folder)
  expect(await readSettings(text)).toMatchObject({
    settings: null,
    why: expect.stringContaining('not on the PATH'),
  })
  await writeFile(join(folder, 'git'), '#!/bin/sh\nwhile :; do :; done\n')
  await chmod(join(folder, 'git'), 0o755)
  expect(await readSettings(text, 200)).toEqual({ settings: null, why: 'it is too much to read' })
})

test('git gets no variable of ours, no home and no repository', async () => {
  await writeFile(join(folder, 'git'), `#!/bin/sh\n/usr/bin/env >"${folder}/env"\npwd >"${folder}/cwd"\n`)
  await chmod(join(folder, 'git'), 0o755)
  vi.stubEnv('PATH', folder)
  vi.stubEnv('GIT_CONFIG_COUNT', '1')
  vi.stubEnv('GIT_TRACE', '1')
  await readSettings('[core]\n\tbare\n')
  const env = await readFile(join(folder, 'env'), 'utf8')
  expect(
    env
      .split('\n')
      .filter((line) => /^(GIT|HOME)/.test(line))
      .sort(),
  ).toEqual([
    'GIT_CONFIG_GLOBAL=/dev/null',
    'GIT_CONFIG_NOSYSTEM=1',
    'GIT_DIR=/nonexistent',
    'HOME=/nonexistent',
  ])
  expect(await readFile(join(folder, 'cwd'), 'utf8')).toBe('/\n')
})
