import { expect, test } from 'vitest'
import { describeMood } from '../../../../bin/notify/mood.ts'
import { toInstant, toSpan } from '../../../../bin/notify/times.ts'
import { USUAL_MOOD } from '../../../../server/attention/decide.ts'

test.each([
  ['30s', 30_000],
  ['30m', 1_800_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['off', 0],
])('%s is a span of time', (text, ms) => {
  expect(toSpan(text)).toBe(ms)
})

test.each(['', '30', 'm', '-5m', '1.5h', '999999m', '30 m'])('%j is not, and that is said', (text) => {
  expect(() => toSpan(text)).toThrow('is not a span of time')
})

test('a time of day is the next one on the clock of this machine', () => {
  const noon = new Date(2026, 11, 1, 12, 0, 0).getTime()
  expect(toInstant('18:00', noon)).toBe(new Date(2026, 11, 1, 18, 0, 0).getTime())
  expect(toInstant('12:00', noon)).toBe(new Date(2026, 11, 2, 12, 0, 0).getTime())
  expect(toInstant('9:30', noon)).toBe(new Date(2026, 11, 2, 9, 30, 0).getTime())
  expect(toInstant('2h', noon)).toBe(noon + 7_200_000)
})

test('what was said for now is told with its end and with how to end it', () => {
  expect(describeMood(USUAL_MOOD)).toBe(null)
  expect(describeMood({ ...USUAL_MOOD, snoozedUntil: 5 })).toMatch(
    /^Nothing rings until .*--snooze off ends that\.$/,
  )
  expect(describeMood({ ...USUAL_MOOD, level: 'urgent' })).toBe(
    'Only what is urgent rings; rc notify --level all ends that.',
  )
  expect(describeMood({ ...USUAL_MOOD, level: 'none', levelUntil: 5 })).toMatch(/^Nothing rings until /)
})
