/** Whatever a sentence tells a person to type is there to be typed. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { COMMANDS, findCommand } from '../../../bin/commands/index.ts'

const root = join(import.meta.dirname, '../../..')
const files = ['bin', 'server', 'container', 'hooks', 'setup'].flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|tsx|sh)$/.test(name))
    .map((name) => join(room, name)),
)
/** Commands whose first argument is one of a few words. */
const ACTIONS = Object.fromEntries(
  await Promise.all(
    COMMANDS.map(
      async ({ name, load }) => [name, (await load()).command.arguments?.[0]?.[2] ?? null] as const,
    ),
  ),
) as Record<string, readonly string[] | null>

/** What follows the name where a sentence is about it. */
const PROSE = new Set('again compares did does had help holds in itself names says that to'.split(' '))

const told = files.flatMap((file) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/\brc ([a-z]+)(?: ([a-z]+)\b)?/g)].map(
    ([, command = '', action = '']) => ({ file, command, action }),
  ),
)

test('every command that is told exists', () => {
  expect(told.length).toBeGreaterThan(50)
  const unknown = told.filter(({ command }) => findCommand(command) === null && !PROSE.has(command))
  expect(unknown).toEqual([])
})

test('every action of a command that is told exists', () => {
  const unknown = told.filter(({ command, action }) => {
    const actions = ACTIONS[findCommand(command)?.name ?? '']
    return actions && action !== '' && !actions.includes(action) && !PROSE.has(action)
  })
  expect(unknown).toEqual([])
})
