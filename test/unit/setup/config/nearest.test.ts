import { expect, test } from 'vitest'
import { nearest } from '../../../../setup/config/nearest.ts'

const commands = ['start', 'status', 'attach', 'ls', 'answer']

test.each([
  ['strat', 'start'],
  ['stats', 'status'],
  ['ATTACH', 'attach'],
  ['anwser', 'answer'],
  ['l', 'ls'],
])('%s probably meant %s', (word, meant) => {
  expect(nearest(word, commands)).toBe(meant)
})

test.each(['zebra', 'xy', ''])('%j is too far from everything', (word) => {
  expect(nearest(word, ['start', 'attach'])).toBeNull()
})
