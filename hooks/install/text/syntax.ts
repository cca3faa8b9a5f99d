/** JSON as Claude Code reads it: no comments, no trailing commas. What breaks that is said with its line. Pure. */
import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import { SettingsError } from '../errors.ts'

/** Where a value ends. */
export function endOf(node: Node): number {
  return node.offset + node.length
}

/** What the text says there. Of a name that stands twice the last one counts, as for Claude Code. */
export function readValue(text: string, node: Node): unknown {
  return JSON.parse(text.slice(node.offset, endOf(node)))
}

/** The line of an offset, counted from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split(/\r\n|\n|\r/).length
}

/** The tree of a text that is valid JSON. Throws `settings-invalid`, `settings-comment` or `settings-trailing-comma`. */
export function parseStrictly(text: string): Node {
  const errors: ParseError[] = []
  const root = parse(text, errors)
  const [first] = errors
  if (first !== undefined) throw syntaxError(text, first)
  if (root === undefined) throw new Error('A text without an error has no value.')
  return root
}

function parse(text: string, errors: ParseError[]): Node | undefined {
  try {
    return parseTree(text, errors, { disallowComments: true })
  } catch (error) {
    // The parser calls itself for each level.
    if (!(error instanceof RangeError)) throw error
    throw new SettingsError(
      'settings-invalid',
      'The settings are nested too deeply to be read.',
      'Something else was written there. Settings have a few levels; take out what has thousands.',
    )
  }
}

const PROBLEMS: Record<string, string> = {
  PropertyNameExpected: 'a name in double quotes is missing',
  ValueExpected: 'a value is missing',
  ColonExpected: 'the colon after a name is missing',
  CommaExpected: 'the comma before this is missing',
  CloseBraceExpected: 'the file ends before its last }',
  CloseBracketExpected: 'the file ends before its last ]',
  EndOfFileExpected: 'something follows after the end of the settings',
  UnexpectedEndOfString: 'a text in quotes does not end',
  UnexpectedEndOfNumber: 'a number is not complete',
  InvalidUnicode: 'a \\u in a text has no four digits',
  InvalidEscapeCharacter: 'a backslash in a text stands before a character that it cannot stand before',
  InvalidCharacter: 'a text holds a control character as it is',
}

function syntaxError(text: string, { error, offset, length }: ParseError): SettingsError {
  const comma = trailingComma(text, offset)
  if (comma !== null) {
    const line = lineAt(text, comma)
    return new SettingsError(
      'settings-trailing-comma',
      `Line ${line} has a comma with nothing after it, so Claude Code loads nothing of the file.`,
      'Take that comma out.',
      { line },
    )
  }
  const line = lineAt(text, offset)
  const problem = printParseErrorCode(error)
  if (problem === 'InvalidCommentToken') {
    return new SettingsError(
      'settings-comment',
      `Line ${line} has a comment, so Claude Code loads nothing of the file.`,
      'Take the comment out: settings are JSON, which has none.',
      { line },
    )
  }
  const words =
    PROBLEMS[problem] ?? `${JSON.stringify(text.slice(offset, offset + Math.min(length, 40)))} is no value`
  return new SettingsError(
    'settings-invalid',
    `Line ${line} is not valid JSON: ${words}. Claude Code loads nothing of such a file.`,
    'Mend that line.',
    { line },
  )
}

/** Where the comma stands that is followed by a closing bracket at the offset, or null. */
function trailingComma(text: string, offset: number): number | null {
  if (text[offset] !== '}' && text[offset] !== ']') return null
  const before = text.slice(0, offset).trimEnd()
  return before.endsWith(',') ? before.length - 1 : null
}
