import { readdirSync, readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type Dialog, isOnlyTyped } from '../../../../container/screen/dialog.ts'
import { readScreen } from '../../../../container/screen/screen.ts'
import { viewOf } from '../../../../container/screen/view.ts'
import type { ScreenView } from '../../../../server/ports.ts'

const FOLDER = new URL('../../../fixtures/screens/', import.meta.url)
const VERSIONS = ['2.1.197', '2.1.330']
const named = (pattern: RegExp) =>
  VERSIONS.flatMap((version) =>
    readdirSync(new URL(version, FOLDER))
      .filter((file) => pattern.test(file))
      .map((file) => `${version}/${file}`),
  )

function viewOfText(text: string): ScreenView {
  const view = viewOf({ screen: readScreen(text), text })
  if (view === null) throw new Error('nothing waits for a key')
  return view
}
const viewOfFile = (name: string) => viewOfText(readFileSync(new URL(name, FOLDER), 'utf8'))
function dialogOf(text: string): Dialog {
  const screen = readScreen(text)
  if (screen.kind !== 'dialog') throw new Error(screen.kind)
  return screen
}
const labels = ({ options }: ScreenView) => options.map(({ label }) => label)

describe('a dialog that is taller than the screen', () => {
  test.each(named(/^dialog-write-/))('%s offers nobody a Yes to what is out of sight', (name) => {
    const view = viewOfFile(name)
    expect(view).toMatchObject({
      name: 'permission',
      isCut: true,
      question: expect.stringContaining('hello.txt'),
    })
    expect(labels(view)).toEqual(['No', 'Esc'])
  })

  test.each(named(/^dialog-question-long-/))('%s keeps its name and can be cancelled', (name) => {
    const view = viewOfFile(name)
    expect(view).toMatchObject({ name: 'question', isCut: true })
    expect(labels(view)).toEqual(['Esc'])
  })

  test.each(named(/^dialog-(?!write-|question-long-)/))('%s is none', (name) => {
    expect(viewOfFile(name)).toMatchObject({ isCut: false })
  })

  test('is named by the cursor that the agent cannot draw, and not by a text of the agent', () => {
    const lines = [' Do you want to create a.ts?', ' ❯ 1. Yes', '   2. No', '', ' Esc to cancel']
    const moved = lines.with(1, '   1. Yes').with(2, ' ❯ 2. No')
    expect(viewOfText(lines.join('\n'))).toMatchObject({ name: 'permission', isCut: true })
    expect(viewOfText(moved.join('\n'))).toMatchObject({ name: 'permission', isCut: true })
    const written = viewOfText(lines.map((line) => `  ${line}`).join('\n'))
    expect(written).toMatchObject({ name: null, isCut: true })
    expect(labels(written)).toEqual(['Esc'])
  })
})

describe('a plan', () => {
  const rule = '─'.repeat(100)
  const question = ' Claude has written up a plan and is ready to execute. Would you like to proceed?'
  const choices = [
    '',
    ' ❯ 1. Yes, and use auto mode',
    '   2. Yes, manually approve edits',
    '   3. Tell Claude what to change',
    '      shift+tab to approve with this feedback',
    '',
    ' ctrl+g to edit in  Vim  · ~/.claude/plans/a.md',
  ]
  /** As 2.1.197 draws it, with a second rule in the first column. */
  const plan = (step: string) => [
    rule,
    ' Ready to code?',
    '',
    " Here is Claude's plan:",
    '╌'.repeat(100),
    ` ${step}`,
    '╌'.repeat(100),
    '',
    rule,
    question,
    ...choices,
  ]

  test('has its name, and all of it is what is answered, above the rule before its question too', () => {
    const view = viewOfText(plan('Write it.').join('\n'))
    expect(view).toMatchObject({ name: 'plan', isCut: false, question: question.trim() })
    expect(labels(view)).toEqual(['Yes, and use auto mode', 'Yes, manually approve edits'])
    expect(view.digest).not.toBe(viewOfText(plan('Delete it.').join('\n')).digest)
  })

  test('that has lost its title is one that is cut', () => {
    const view = viewOfText(plan('Write it.').slice(4).join('\n'))
    expect(view).toMatchObject({ name: 'plan', isCut: true })
    expect(labels(view)).toEqual(['Esc'])
  })

  test('that goes on below its place is one that is cut', () => {
    // As 2.1.330 draws it.
    const lines = [
      '▔'.repeat(100),
      '',
      `  ${'─'.repeat(96)}`,
      '   Ready to code?',
      '',
      "   Here is Claude's plan:",
      `  ${'╌'.repeat(96)}`,
      '   1. Write it.                                                                  ↓',
      `  ${'─'.repeat(96)}`,
      ...[question, ...choices].map((line) => `  ${line}`),
    ]
    expect(viewOfText(lines.join('\n'))).toMatchObject({ name: 'plan', isCut: true })
    expect(labels(viewOfText(lines.join('\n')))).toEqual(['Esc'])
    const whole = lines.with(7, '   1. Write it.')
    expect(viewOfText(whole.join('\n'))).toMatchObject({ name: 'plan', isCut: false })
  })
})

describe('a row that takes text', () => {
  const focused = stripVTControlCharacters(
    readFileSync(new URL('2.1.330/dialog-question-text-100.txt', FOLDER), 'utf8'),
  )

  test('has taken a key for text when nothing else has changed', () => {
    const before = dialogOf(focused)
    const typed = focused.replace('Type something.', '1')
    expect(isOnlyTyped(before, dialogOf(typed))).toBe(true)
    expect(isOnlyTyped(before, dialogOf(typed.replace('Which colour', 'Which other colour')))).toBe(false)
    expect(isOnlyTyped(before, dialogOf(typed.replace('Red', 'Green')))).toBe(false)
    const boxes = focused.replace('Red', '[ ] Red')
    expect(isOnlyTyped(dialogOf(boxes), dialogOf(boxes.replace('[ ]', '[✔]')))).toBe(false)
  })

  test.each(named(/^dialog-question(?:s|-text)?-\d/))(
    'of %s is not offered, for a digit there is text',
    (name) => {
      expect(labels(viewOfFile(name)).filter((label) => label.includes('Type something'))).toEqual([])
      expect(labels(viewOfFile(name))).toContain('Chat about this')
    },
  )

  test('is not offered under the words that somebody has typed into it', () => {
    const view = viewOfText(focused.replace('Type something.', 'perhaps'))
    expect(view.screen).toContain('3. perhaps')
    expect(labels(view)).toEqual(['Red', 'Blue', 'Chat about this', 'Esc'])
  })
})
