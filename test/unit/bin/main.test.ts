import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createOutput } from '../../../bin/cli/output.ts'
import { COMMANDS } from '../../../bin/commands/index.ts'
import { main } from '../../../bin/main.ts'
import { createSink } from './cli/sinks.ts'

async function rc(...argv: string[]) {
  const stdout = createSink()
  const stderr = createSink()
  const code = await main(argv, { output: createOutput({ stdout, stderr }), env: { HOME: '/home/nobody' } })
  return { code, stdout: stdout.text(), stderr: stderr.text() }
}

test.each([[[]], [['--help']], [['-h']], [['help']]])('rc %j lists every command', async (argv) => {
  const { code, stdout } = await rc(...argv)
  expect(code).toBe(0)
  expect(stdout).toMatch(/^Remote Claude /)
  for (const { name, summary } of COMMANDS) {
    expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b.* {2}`, 'm'))
    expect(stdout).toContain(summary)
  }
})

test('help fits a terminal of 100 columns', async () => {
  const { stdout } = await rc('--help')
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
})

test('every command file is in the list, and no name is given twice', () => {
  const files = readdirSync(new URL('../../../bin/commands', import.meta.url)).filter(
    (file) => file !== 'index.ts',
  )
  expect(COMMANDS.map(({ name }) => `${name}.ts`).sort()).toEqual(files.sort())
  const names = COMMANDS.flatMap(({ name, aliases }) => [name, ...aliases])
  expect(new Set(names).size).toBe(names.length)
})

test.each([
  ['strat', 'There is no command "strat". Did you mean start?'],
  ['zebra', 'There is no command "zebra".'],
  ['--yes', '--yes is not an option of rc itself.'],
  ['', 'There is no command "".'],
])('rc %s is refused as a wrong command line', async (word, message) => {
  await expect(rc(word)).rejects.toMatchObject({ code: 'usage', message })
})

test('help for a command and the command asked for help are the same', async () => {
  expect(await rc('help', 'version')).toEqual(await rc('version', '--help'))
  expect((await rc('help', 'version')).stdout).toContain('Usage: rc version')
})

test('the version is one line', async () => {
  expect((await rc('version')).stdout).toMatch(/^\S+\n$/)
  expect(JSON.parse((await rc('version', '--json')).stdout)).toHaveProperty('node')
})
