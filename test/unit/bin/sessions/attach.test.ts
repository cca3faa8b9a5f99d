import { expect, test } from 'vitest'
import { knownTerm } from '../../../../bin/sessions/attach.ts'

test.each([
  ['xterm', 'xterm'],
  ['nobody-knows-256color', 'xterm-256color'],
  ['', 'xterm-256color'],
  ['-x', 'xterm-256color'],
])('a terminal that calls itself %j is shown to tmux as %s', (term, shown) => {
  expect(knownTerm(term)).toBe(shown)
})
