/** How a settings file is written: its line ends, its indentation, its spaces; and values written the same way. Pure. */
import type { Node } from 'jsonc-parser'
import { endOf } from './syntax.ts'
import { membersOf } from './tree.ts'

export type Layout = {
  eol: string
  /** One step of indentation. */
  unit: string
  /** Whether the file is one line. */
  oneLine: boolean
  /** What separates members on one line, and a name from its value. */
  comma: string
  colon: string
}

/** What a file looks like that has nothing yet: as Claude Code itself writes one. */
export const PLAIN: Layout = { eol: '\n', unit: '  ', oneLine: false, comma: ', ', colon: ': ' }

/** The layout of a text with that tree. */
export function layoutOf(text: string, root: Node): Layout {
  const whole = text.slice(root.offset, endOf(root))
  const [firstName] = membersOf(root)[0]?.children ?? []
  const tight = firstName !== undefined && !/^\s*:\s/.test(text.slice(endOf(firstName)))
  const oneLine = !/[\r\n]/.test(whole)
  return {
    eol: lineEndOf(text),
    unit: unitOf(text, root),
    oneLine,
    comma: oneLine && tight ? ',' : ', ',
    colon: tight ? ':' : ': ',
  }
}

/** A value as text. With `indent` it is broken into lines, the first of which is already begun. */
export function write(value: unknown, layout: Layout, indent?: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  const inner = indent === undefined ? undefined : indent + layout.unit
  const members = Array.isArray(value)
    ? value.map((one) => write(one, layout, inner))
    : Object.entries(value).map(([name, one]) => writeProperty(name, one, layout, inner))
  if (members.length === 0) return `${open}${close}`
  if (inner === undefined) return `${open}${members.join(layout.comma)}${close}`
  const lines = members.map((member) => `${layout.eol}${inner}${member}`)
  return `${open}${lines.join(',')}${layout.eol}${indent}${close}`
}

/** A name with its value. */
export function writeProperty(name: string, value: unknown, layout: Layout, indent?: string): string {
  return `${JSON.stringify(name)}${layout.colon}${write(value, layout, indent)}`
}

/** The white space that begins the line of an offset. */
export function indentAt(text: string, offset: number): string {
  const start = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? ''
}

/** The white space in front of an offset. */
export function gapBefore(text: string, offset: number): string {
  let start = offset
  while (start > 0 && ' \t\r\n'.includes(text.charAt(start - 1))) start -= 1
  return text.slice(start, offset)
}

/** Of the kinds of line end the one that most lines have. */
export function lineEndOf(text: string): string {
  const both = text.split('\r\n').length - 1
  const feeds = text.split('\n').length - 1 - both
  const returns = text.split('\r').length - 1 - both
  if (both > feeds && both >= returns) return '\r\n'
  return returns > feeds ? '\r' : '\n'
}

/** The first member's indentation beyond that of the file, where it stands on a line of its own. */
function unitOf(text: string, root: Node): string {
  const [first] = membersOf(root)
  if (first === undefined || !/[\r\n]/.test(gapBefore(text, first.offset))) return PLAIN.unit
  const own = indentAt(text, first.offset)
  const outer = indentAt(text, root.offset)
  return own.startsWith(outer) ? own.slice(outer.length) : PLAIN.unit
}
