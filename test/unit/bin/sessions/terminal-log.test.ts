import { expect, test } from 'vitest'
import { finished, plain } from '../../../../bin/sessions/terminal-log.ts'

const RULE = '─'.repeat(60)

test('of a followed pane only what Claude has said is printed, not its prompt and spinner', () => {
  const said = ['❯ go', '', '● Done.']
  expect(finished([...said, '', '✻ Stewing… (1s)', '', RULE, '❯ ', RULE, '  ? for shortcuts'])).toEqual(said)
  expect(finished(said)).toEqual(said)
})

test('a dialog is no line of the log', () => {
  expect(finished(['● Well.', '', RULE, ' Bash command', ' ❯ 1. Yes'])).toEqual(['● Well.'])
})

test('a cursor movement in the place of spaces is spaces, and nothing else drives the reader', () => {
  expect(plain('a\u001b[3Cb\u001b[31m red\u001b]0;title\u0007\u001b[2K  ')).toBe('a   b red')
})
