/** Members put into lists and objects of a text, or taken out, by offsets: what is around them stays as it is. Pure. */
import type { Node } from 'jsonc-parser'
import { gapBefore, indentAt, type Layout } from './layout.ts'
import { endOf } from './syntax.ts'
import { membersOf } from './tree.ts'

/** What stands from `start` to `end` is replaced. */
export type Edit = { start: number; end: number; text: string }

/** Writes one member; with an indentation it may take several lines. */
export type WriteMember = (indent?: string) => string

const LINE_END = /\r\n|\n|\r/

/** The text with those edits, none of which overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const parts: string[] = []
  let at = 0
  for (const { start, end, text: put } of edits.toSorted((one, other) => one.start - other.start)) {
    parts.push(text.slice(at, start), put)
    at = end
  }
  return parts.join('') + text.slice(at)
}

/** Puts members behind the last one, written as that one is. */
export function append(text: string, container: Node, layout: Layout, members: readonly WriteMember[]): Edit {
  const last = membersOf(container).at(-1)
  if (last === undefined) return fill(text, container, layout, members)
  const at = endOf(last)
  const gap = gapBefore(text, last.offset)
  const isBroken = LINE_END.test(gap)
  const indent =
    isBroken || LINE_END.test(text.slice(last.offset, at)) ? indentAt(text, last.offset) : undefined
  const separator = isBroken ? `,${layout.eol}${indent}` : layout.comma
  return { start: at, end: at, text: members.map((write) => separator + write(indent)).join('') }
}

/**
 * Puts the first members into a container. White space that it had stays before them, and on one line after them too,
 * so that `emptied` finds it.
 */
function fill(text: string, container: Node, layout: Layout, members: readonly WriteMember[]): Edit {
  const at = endOf(container) - 1
  const gap = text.slice(container.offset + 1, at)
  if (layout.oneLine) {
    const written = members.map((write) => write()).join(layout.comma)
    return { start: at, end: at, text: written + gap }
  }
  const outer = indentAt(text, container.offset)
  // A carriage return that was there alone must not become part of a line end.
  const begin = `${gap.endsWith('\r') ? '\r' : layout.eol}${outer}${layout.unit}`
  const written = members.map((write) => begin + write(outer + layout.unit)).join(',')
  return { start: at, end: at, text: `${written}${layout.eol}${outer}` }
}

/** Takes members out, each with its comma. At least one other member stays. */
export function remove(members: readonly Node[], isRemoved: (member: Node) => boolean): Edit[] {
  let hasKept = false
  return members.flatMap((member, at) => {
    if (!isRemoved(member)) {
      hasKept = true
      return []
    }
    const [before, after] = [members[at - 1], members[at + 1]]
    const start = hasKept && before !== undefined ? endOf(before) : member.offset
    const end = hasKept || after === undefined ? endOf(member) : after.offset
    return [{ start, end, text: '' }]
  })
}

/** Takes all members out of a container. */
export function emptied(text: string, container: Node): Edit {
  const first = membersOf(container)[0]
  const gap = first === undefined ? '' : gapBefore(text, first.offset)
  const left = gap.replace(/(\r\n|\n|\r)[ \t]*$/, '')
  return { start: container.offset + 1, end: endOf(container) - 1, text: left }
}
