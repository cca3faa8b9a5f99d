/** Which commands the default rules stop, with the real Claude Code and programs that do nothing. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { startScriptedModel } from '../../../bin/demo/scripted-model.ts'
import { claudeVariables, firstRunState } from '../../../bin/doctor/claude/claude-home.ts'
import { DEFAULT_ASK } from '../../../hooks/default-rules.ts'
import { ASKED, COMPOUND, NOT_ASKED } from '../../fixtures/commands.ts'
import { claudeBinary, NEWEST, OLDEST } from '../claude-binary.ts'

const BUILT_IN = ['cd', 'echo', 'true']

/** Those of `commands` that ran. Nothing on the PATH does what its name says. */
async function ranOf(version: string, commands: readonly string[]): Promise<string[]> {
  const home = await mkdtemp(join(tmpdir(), 'rc-rules-'))
  const steps = commands.map((command) => ({
    tools: [{ name: 'Bash', input: { command, description: 'Try' } }],
  }))
  const model = await startScriptedModel({ scripts: { 'try them': [...steps, { text: 'Done.' }] } })
  try {
    const [bin, project] = [join(home, 'bin'), join(home, 'project')]
    for (const folder of [bin, join(home, '.claude'), join(project, 'sub')])
      await mkdir(folder, { recursive: true })
    const words = commands.flatMap((command) => command.replace(/[()]/g, '').split(' && '))
    for (const name of new Set(words.map((word) => word.split(' ')[0] as string))) {
      if (BUILT_IN.includes(name)) continue
      await writeFile(join(bin, name), '#!/bin/sh\n')
      await chmod(join(bin, name), 0o755)
    }
    await writeFile(join(home, '.claude.json'), JSON.stringify(firstRunState([project])))
    await writeFile(
      join(home, '.claude/settings.json'),
      JSON.stringify({ permissions: { ask: DEFAULT_ASK } }),
    )
    await execa(await claudeBinary(version), ['-p', '--dangerously-skip-permissions', 'try them'], {
      cwd: project,
      input: '',
      extendEnv: false,
      env: {
        HOME: home,
        PATH: `${bin}:/usr/bin:/bin`,
        LANG: 'C.UTF-8',
        IS_SANDBOX: '1',
        ...claudeVariables(model.url),
      },
    })
    const results = new Map(model.toolResults().map((block) => [block.tool_use_id, block]))
    expect(results.size).toBe(commands.length)
    return [...results.values()].flatMap(({ is_error }, at) => (is_error ? [] : [commands[at] as string]))
  } finally {
    await model.close()
    await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  }
}

test.each([NEWEST, OLDEST])(
  'Claude Code %s asks for every spelling, and for nothing of every day',
  async (version) => {
    expect(await ranOf(version, [...ASKED, ...NOT_ASKED])).toEqual(NOT_ASKED)
  },
)

test('a rule is found behind and inside of other commands', async () => {
  expect(await ranOf(NEWEST, COMPOUND)).toEqual([])
})

test('2.1.197 finds no rule in brackets or behind a change of folder', async () => {
  expect(await ranOf(OLDEST, COMPOUND)).toEqual(COMPOUND.slice(2))
})
