/**
 * Runs the measurements one after another, each in a process of its own: all of them, or those whose names are given.
 * Run with: npm run bench [-- NAME…]. Ends with 1 where a limit was not kept.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'

/** Files beside the measurements that measure nothing themselves. */
const HELPERS = new Set(['main', 'median'])

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => basename(file, '.ts'))
  .filter((name) => !HELPERS.has(name))
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !names.includes(name))

for (const name of unknown) process.stdout.write(`There is no ${name}; there are ${names.join(', ')}.\n`)
process.exitCode = unknown.length > 0 ? 1 : 0
for (const name of names.filter((one) => wanted.length === 0 || wanted.includes(one))) {
  process.stdout.write(`\n== ${name}\n`)
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`)], {
    stdio: 'inherit',
  })
  if (status !== 0) process.exitCode = 1
}
