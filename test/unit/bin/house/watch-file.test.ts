import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchFile } from '../../../../bin/house/watch-file.ts'

let folder: string
let file: string
let gone: number
let timer: NodeJS.Timeout

beforeEach(() => {
  vi.useFakeTimers()
  folder = mkdtempSync(join(tmpdir(), 'rc-watch-'))
  file = join(folder, 'owner.sock')
  writeFileSync(file, 'first')
  gone = 0
  timer = watchFile(
    file,
    () => {
      gone += 1
    },
    10,
  )
})
afterEach(() => {
  clearInterval(timer)
  vi.useRealTimers()
  rmSync(folder, { recursive: true, force: true })
})

test('a file that stays is not gone, even when it is written to', () => {
  writeFileSync(file, 'more')
  vi.advanceTimersByTime(100)
  expect(gone).toBe(0)
})

test('a folder that was removed is noticed', () => {
  rmSync(folder, { recursive: true })
  vi.advanceTimersByTime(10)
  expect(gone).toBe(1)
})

test('so is another file of the same name', () => {
  writeFileSync(`${file}.next`, 'second')
  renameSync(`${file}.next`, file)
  vi.advanceTimersByTime(10)
  expect(gone).toBe(1)
})
