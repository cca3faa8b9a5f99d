import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'

test('in two hundred interleavings of taps, keys, deaths and restarts what is said is what happens', async () => {
  const done = await execa(
    process.execPath,
    [join(import.meta.dirname, '../../chaos/main.ts'), '--rounds', '200', '--real', '12', '--seed', '11'],
    { reject: false },
  )
  expect(done.stdout).toContain('200 interleavings')
  const violation = done.stdout.indexOf('\nVIOLATION')
  expect(violation < 0 ? '' : done.stdout.slice(violation)).toBe('')
  expect(done.exitCode).toBe(0)
}, 900_000)
