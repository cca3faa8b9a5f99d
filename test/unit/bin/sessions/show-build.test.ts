import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createOutput } from '../../../../bin/cli/output.ts'
import { showBuild } from '../../../../bin/sessions/show-build.ts'
import { createSink } from '../cli/sinks.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const LINES = [
  'Pulling debian:bookworm-slim',
  'abc: Downloading',
  'Step 1/2 : FROM debian',
  ' ---> 123456',
  'Step 2/2 : RUN apt-get update  && apt-get install -y a b c d e f g h i j k l m n o p q r s t u v w x y z',
  'Get:1 …',
]

test('in a pipe each step is one plain line, and nothing else is', () => {
  const stderr = createSink()
  const shown = showBuild(createOutput({ stdout: createSink(), stderr }))
  for (const line of LINES) shown.report(line)
  shown.end()
  expect(stderr.text().split('\n')).toEqual([
    'Pulling debian:bookworm-slim …',
    'Step 1/2: FROM debian …',
    expect.stringMatching(/^Step 2\/2: RUN apt-get update && .*… …$/),
    '',
  ])
})

test('in a terminal one line is updated with the time and the last words, within its width', () => {
  const stderr = createSink({ columns: 40 })
  const shown = showBuild(createOutput({ stdout: createSink(), stderr }))
  shown.report('Step 1/2 : FROM debian')
  shown.report(`\u001b[2J${'x'.repeat(100)}`)
  vi.advanceTimersByTime(3000)
  shown.end()
  const frames = stderr.text().split('\r\u001b[K')
  expect(frames.at(-1)).toBe('Step 1/2: FROM debian (3 s)\n')
  expect(frames.at(-2)).toMatch(/^Step 1\/2: FROM debian \(3 s\) {2}\\u\{1b\}\[.*…$/)
  expect(frames.every((frame) => frame.length <= 40)).toBe(true)
  expect(vi.getTimerCount()).toBe(0)
})

test('ending twice, or before anything began, says nothing more', () => {
  const stderr = createSink()
  const shown = showBuild(createOutput({ stdout: createSink(), stderr }))
  shown.end()
  shown.report('Pulling x')
  shown.end()
  shown.end()
  expect(stderr.text()).toBe('Pulling x …\n')
})
