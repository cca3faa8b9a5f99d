import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLogLimit } from '../../../../bin/house/log-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rc-log-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? null

test('a log that is written all night long is two files of the size that it may have', () => {
  const file = join(folder, 'responder.log')
  const fd = openSync(file, 'a', 0o600)
  const limit = createLogLimit(file, 10_000, fd)
  for (let number = 0; number < 1_000; number++) {
    const line = `${number} ${'x'.repeat(200)}`
    limit(line)
    writeSync(fd, `${line}\n`)
  }
  closeSync(fd)
  expect(sizeOf(file)).toBeLessThan(11_000)
  expect(sizeOf(`${file}.1`)).toBeGreaterThan(9_000)
  expect(sizeOf(`${file}.1`)).toBeLessThan(11_000)
})

test('a file that somebody else writes to is left as it is', () => {
  const [file, other] = [join(folder, 'responder.log'), join(folder, 'other')].map((path) =>
    openSync(path, 'a'),
  )
  writeSync(other as number, 'x'.repeat(50_000))
  const limit = createLogLimit(join(folder, 'responder.log'), 10_000, other)
  for (let number = 0; number < 1_000; number++) limit('x'.repeat(200))
  for (const fd of [file, other]) closeSync(fd as number)
  expect(sizeOf(join(folder, 'other'))).toBe(50_000)
})
