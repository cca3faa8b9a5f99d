import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseStat } from '../../../../container/foreign/in-front.ts'
import { whyNotTyped } from '../../../../container/foreign/terminal.ts'

const tmux = { socket: '/tmp/tmux-0/default', pane: '%3' }
const container = { id: '0123456789ab', user: 'node' }

test.each([
  ['is not known', null, /not known where/],
  ['is outside tmux', { container: null, pid: 7, tmux: null }, /outside tmux/],
  ['is outside tmux in a container', { container, pid: 7, tmux: null }, /outside tmux/],
  [
    'is said in words that are none of tmux',
    { container, pid: 7, tmux: { ...tmux, pane: 'x' } },
    /cannot be right/,
  ],
])(
  'a place that %s is told as the reason why nothing is typed, and that decisions work',
  (_, place, reason) => {
    expect(whyNotTyped(place)).toMatch(reason)
    expect(whyNotTyped(place)).toMatch(/Decisions work all the same\.$/)
  },
)

test('a place in tmux may work, here and in a container, with a process and without', () => {
  for (const one of [null, container])
    for (const pid of [null, 7]) expect(whyNotTyped({ container: one, pid, tmux })).toBeNull()
})

test('the name of a process changes nothing in what the kernel says of it', () => {
  for (const name of ['claude', 'a) S 1 9 9 9 9', ') ) (', 'two\nlines'])
    expect(parseStat(`77 (${name}) S 1 70 60 34817 71 4194304 0 0\n`)).toEqual({
      state: 'S',
      group: 70,
      tty: 34817,
      ttyGroup: 71,
    })
})

test.each(['', '77', '77 (a)', '77 (a) S', 'x (y) z'])('%j is no process', (text) => {
  expect(parseStat(text)).toBeNull()
})

test.runIf(process.platform === 'linux')('this very process is read', () => {
  expect(parseStat(readFileSync('/proc/self/stat', 'utf8'))).toMatchObject({ state: 'R' })
})
