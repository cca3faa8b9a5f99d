/**
 * Our hooks in the text of a settings file. Everything else in it stays as it is, byte for byte, and taking them out
 * again gives the text that was there before. Pure.
 *
 * Why not parse and stringify? It changes numbers, doubled names, escapes, line ends and every space of a file that is
 * not ours, and then nobody can see in a diff what we did. And why not jsonc-parser's own edits? They format the lines
 * that they touch, and taking out does not bring back what was there before.
 */

import { isDeepStrictEqual } from 'node:util'
import { additions, listsOf } from './additions.ts'
import { applyEdits } from './edits.ts'
import type { Group, HookGroup, IsOurs } from './groups.ts'
import { layoutOf, lineEndOf, PLAIN, write } from './layout.ts'
import { removals } from './removals.ts'
import { readValue } from './syntax.ts'
import { readTree, type SettingsTree } from './tree.ts'

const BOM = '\ufeff'

/** The text with exactly these groups of ours, each at the end of its event. Unchanged if they are there. */
export function addHooks(text: string, groups: readonly HookGroup[], isOurs: IsOurs): string {
  const wanted = JSON.parse(JSON.stringify(groups)) as HookGroup[]
  const { bom, body } = parts(text)
  if (isBlank(body)) return wanted.length === 0 ? text : bom + newFile(body, wanted)
  const found = readTree(body)
  if (hasExactly(groupsIn(body, found), wanted, isOurs)) return text
  const layout = layoutOf(body, found.root)
  const plain = applyEdits(body, removals(body, found, isOurs))
  const tree = plain === body ? found : readTree(plain)
  return bom + applyEdits(plain, additions(plain, tree, layout, wanted))
}

/** The text without hooks of ours. A group, an event or `hooks` that held nothing else goes with them. */
export function removeHooks(text: string, isOurs: IsOurs): string {
  const { bom, body } = parts(text)
  return isBlank(body) ? text : bom + applyEdits(body, removals(body, readTree(body), isOurs))
}

/** Our handlers in the text, by the groups they stand in. */
export function findHooks(text: string, isOurs: IsOurs): HookGroup[] {
  const { body } = parts(text)
  if (isBlank(body)) return []
  return groupsIn(body, readTree(body)).flatMap(({ event, group: { matcher, hooks } }) => {
    const own = hooks.filter(isOurs)
    return own.length === 0 ? [] : [{ event, ...(matcher !== undefined && { matcher }), hooks: own }]
  })
}

type Found = { event: string; group: Group }

function groupsIn(body: string, { events }: SettingsTree): Found[] {
  return events.flatMap(({ name, groups }) =>
    groups.map(({ node }) => ({ event: name, group: readValue(body, node) as Group })),
  )
}

/** Whether ours are these and no others, alone in their groups; their order among events is free. */
function hasExactly(found: readonly Found[], wanted: readonly HookGroup[], isOurs: IsOurs): boolean {
  const there = found.filter(({ group }) => group.hooks.some(isOurs))
  const right = wanted.map(({ event, ...group }): Found => ({ event, group }))
  const byEvent = (one: Found, other: Found) =>
    one.event < other.event ? -1 : Number(one.event > other.event)
  return isDeepStrictEqual(there.toSorted(byEvent), right.toSorted(byEvent))
}

/** The text of a file that had none, with the line ends that it has. */
function newFile(blank: string, wanted: readonly HookGroup[]): string {
  const layout = { ...PLAIN, eol: lineEndOf(blank) }
  return write({ hooks: Object.fromEntries(listsOf(wanted)) }, layout, '') + layout.eol
}

/** Claude Code reads a file with a byte order mark; the parser does not. */
function parts(text: string): { bom: string; body: string } {
  return text.startsWith(BOM) ? { bom: BOM, body: text.slice(1) } : { bom: '', body: text }
}

function isBlank(body: string): boolean {
  return /^[ \t\r\n]*$/.test(body)
}
