import { expect, test } from 'vitest'
import { inTime } from '../../../../server/asks/outcome-words.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

test.each([
  [-5 * MINUTE, '1 min'],
  [0, '1 min'],
  [59 * MINUTE + 29 * SECOND, '59 min'],
  [59 * MINUTE + 30 * SECOND, '1 h'],
  [HOUR + 29 * SECOND, '1 h'],
  [HOUR + 59 * MINUTE + 40 * SECOND, '2 h'],
  [12 * HOUR - 10 * SECOND, '12 h'],
  [11 * HOUR + 5 * MINUTE, '11 h 5 min'],
])('%i ms are %s', (ms, words) => expect(inTime(ms)).toBe(words))
