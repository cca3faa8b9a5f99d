import { expect, test } from 'vitest'
import { endOfQuiet, isTimeZone, toMinutes } from '../../../../server/attention/quiet-hours.ts'

const at = (text: string) => Date.parse(text)
const night = { from: 22 * 60, to: 7 * 60 }
const zurich = { ...night, zone: 'Europe/Zurich' }

test.each([
  ['before they begin', zurich, '2026-11-30T20:59:59Z', null],
  ['at their first minute', zurich, '2026-11-30T21:00:00Z', '2026-12-01T06:00:00Z'],
  ['before midnight', zurich, '2026-11-30T22:30:15Z', '2026-12-01T06:00:00Z'],
  ['after midnight', zurich, '2026-12-01T03:00:00Z', '2026-12-01T06:00:00Z'],
  ['in their last minute', zurich, '2026-12-01T05:59:59.999Z', '2026-12-01T06:00:00Z'],
  ['at their end', zurich, '2026-12-01T06:00:00Z', null],
  ['in summer, which is an hour earlier in UTC', zurich, '2026-07-01T03:00:00Z', '2026-07-01T05:00:00Z'],
  ['in the night that loses an hour', zurich, '2026-03-28T23:00:00Z', '2026-03-29T05:00:00Z'],
  ['in the night that gains an hour', zurich, '2026-10-24T22:00:00Z', '2026-10-25T06:00:00Z'],
  [
    'in a zone of half hours',
    { ...night, zone: 'Asia/Kolkata' },
    '2026-11-30T20:00:00Z',
    '2026-12-01T01:30:00Z',
  ],
  [
    'that do not reach over midnight',
    { from: 13 * 60, to: 14 * 60, zone: 'UTC' },
    '2026-11-30T13:20:00Z',
    '2026-11-30T14:00:00Z',
  ],
  [
    'that do not reach over midnight, at midnight',
    { from: 13 * 60, to: 14 * 60, zone: 'UTC' },
    '2026-11-30T00:00:00Z',
    null,
  ],
  [
    'that begin when they end: there are none',
    { from: 60, to: 60, zone: 'UTC' },
    '2026-11-30T01:00:00Z',
    null,
  ],
] as const)('quiet hours end when the clock on the wall says so: %s', (_, hours, now, end) => {
  expect(endOfQuiet(hours, at(now))).toBe(end === null ? null : at(end))
})

test('the end of quiet hours lies ahead and outside of them, whatever minute of a year it is looked at', () => {
  for (const zone of ['Europe/Zurich', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC'])
    for (let now = at('2026-01-01T00:00:00Z'); now < at('2027-01-01T00:00:00Z'); now += 977 * 60_000) {
      const end = endOfQuiet({ ...night, zone }, now)
      if (end === null) continue
      expect(end).toBeGreaterThan(now)
      expect(end - now).toBeLessThanOrEqual(10 * 3_600_000)
      expect(endOfQuiet({ ...night, zone }, end)).toBe(null)
    }
})

test.each([
  ['22:30', 1350],
  ['0:05', 5],
  ['07:00', 420],
  ['24:00', null],
  ['7', null],
  ['07:60', null],
  ['', null],
])('%j is a time of day, or none', (text, minutes) => {
  expect(toMinutes(text)).toBe(minutes)
})

test('a time zone is one that this Node knows', () => {
  expect(['Europe/Zurich', 'UTC', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([true, true, false, false])
})
