import { readdirSync, readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { readScreen } from '../../../../container/screen/screen.ts'

const FOLDER = new URL('../../../fixtures/screens/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, FOLDER), 'utf8')
const recorded = ['2.1.197', '2.1.330'].flatMap((version) =>
  readdirSync(new URL(version, FOLDER)).map((file) => `${version}/${file}`),
)
const named = (start: string) => recorded.filter((name) => name.split('/')[1]?.startsWith(start))

describe('a recorded screen', () => {
  test.each(named('idle-'))('%s is an idle Claude with nothing typed', (name) => {
    expect(readScreen(read(name))).toEqual({ kind: 'idle', draft: '', isCut: false })
  })

  test.each(named('draft-'))('%s is an idle Claude with a draft', (name) => {
    expect(readScreen(read(name))).toEqual({ kind: 'idle', draft: expect.stringMatching(/\S/), isCut: false })
  })

  test.each(named('busy'))('%s is a busy Claude', (name) => {
    expect(readScreen(read(name))).toEqual({ kind: 'busy' })
  })

  test.each(named('unknown-'))('%s is nothing to type into', (name) => {
    expect(readScreen(read(name))).toEqual({ kind: 'unknown' })
  })

  test.each(named('dialog-'))(
    '%s is a dialog with one choice under the cursor, unless it has keys of its own',
    (name) => {
      const screen = readScreen(read(name))
      if (screen.kind !== 'dialog') throw new Error(screen.kind)
      if (screen.name === 'form' || screen.options[0]?.key === 'Enter') return
      const sign = screen.options[0]?.key.startsWith('#') ? '#' : ''
      expect(screen.options.map(({ key }) => key)).toEqual(
        screen.options.map((_, index) => `${sign}${index + 1}`),
      )
      expect(screen.options.filter(({ selected }) => selected)).toHaveLength(1)
    },
  )

  test.each(recorded)(
    '%s is never taken for an empty prompt without its colours unless it is one',
    (name) => {
      const plain = readScreen(stripVTControlCharacters(read(name)))
      if (plain.kind === 'idle' && plain.draft === '') expect(readScreen(read(name))).toEqual(plain)
    },
  )
})

describe('what is read off a screen', () => {
  test('a draft of several lines keeps them', () => {
    expect(readScreen(read('2.1.330/draft-lines-80.txt'))).toEqual({
      kind: 'idle',
      draft: 'first line\nsecond line\n\n❯ fourth line',
      isCut: false,
    })
  })

  test('shell mode counts as a draft', () => {
    expect(readScreen(read('2.1.330/draft-shell-mode-80.txt'))).toEqual({
      kind: 'idle',
      draft: '!',
      isCut: false,
    })
  })

  test('a permission dialog is read with its question and its choices, wrapped ones in one piece', () => {
    expect(readScreen(read('2.1.330/dialog-bash-rule-80.txt'))).toMatchObject({
      kind: 'dialog',
      title: 'Bash command',
      question: 'Do you want to proceed?',
      options: [
        { key: '1', label: 'Yes', selected: true },
        { key: '2', label: 'Yes, and don’t ask again for: git push *', selected: false },
        {
          key: '3',
          label: 'Yes, and switch to auto mode · auto mode handles these prompts for you',
          selected: false,
        },
        { key: '4', label: 'No', selected: false },
      ],
    })
    expect(readScreen(read('2.1.330/dialog-write-80.txt'))).toMatchObject({
      question: 'Do you want to create hello.txt?',
      options: [
        { label: 'Yes' },
        {
          label:
            'Yes, and switch to accept edits (auto-approve file edits and common file commands) for this session (shift+tab)',
        },
        { label: 'No' },
      ],
    })
  })

  test('the choices of a question do not swallow their descriptions', () => {
    expect(readScreen(read('2.1.197/dialog-question-120.txt'))).toMatchObject({
      title: '☐ Colour',
      question: 'Which colour do you like?',
      options: [
        { label: 'Red' },
        { label: 'Blue' },
        { label: 'Type something.' },
        { label: 'Chat about this' },
      ],
    })
  })

  test('the digest of a dialog is the same on any width, and another one for another dialog', () => {
    const digest = (name: string) => {
      const screen = readScreen(read(`2.1.330/${name}`))
      return screen.kind === 'dialog' ? screen.digest : null
    }
    expect(digest('dialog-bash-rule-80.txt')).toBe(digest('dialog-bash-rule-120.txt'))
    expect(digest('dialog-bash-rule-80.txt')).not.toBe(digest('dialog-bash-80.txt'))
  })
})

describe('a screen that an agent or a shell has dressed up', () => {
  const rule = '─'.repeat(80)
  const box = (mark: string) => `${rule}\n${mark}\n${rule}`

  test('is idle only with the mark that Claude itself draws', () => {
    expect(readScreen(`${box('❯\u00a0')}\n  footer\n`)).toEqual({ kind: 'idle', draft: '', isCut: false })
    expect(readScreen(`${box('❯ ')}\n  footer\n`).kind).toBe('unknown')
    expect(readScreen(`${box('> ')}\n  footer\n`).kind).toBe('unknown')
  })

  test('is not idle when somebody has written below the prompt since', () => {
    expect(readScreen(`${box('❯\u00a0')}\n  footer\n\nClaude Code ended.\n`).kind).toBe('unknown')
    expect(readScreen(`${box('❯\u00a0')}\n  footer\nuser@host:~$ `).kind).toBe('unknown')
  })

  test('is not a dialog when the choices stand in the middle of a text', () => {
    expect(
      readScreen('  Do you want to proceed?\n  ❯ 1. Yes\n    2. No\n\n  and then I went on\n').kind,
    ).toBe('unknown')
  })

  test('is not a dialog when a choice is missing or two are under the cursor', () => {
    expect(readScreen('Proceed?\n❯ 1. Yes\n  3. No\n').kind).toBe('unknown')
    expect(readScreen('Proceed?\n❯ 1. Yes\n❯ 2. No\n').kind).toBe('unknown')
  })

  test('an empty or a black screen is unknown', () => {
    for (const text of ['', '\n\n\n', ' '.repeat(80)]) expect(readScreen(text)).toEqual({ kind: 'unknown' })
  })
})
