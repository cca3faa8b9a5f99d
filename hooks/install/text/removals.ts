/** Where hooks of ours stand in a file, taken out with everything that held nothing else. Pure. */

import type { Node } from 'jsonc-parser'
import { type Edit, emptied, remove } from './edits.ts'
import type { IsOurs } from './groups.ts'
import { readValue } from './syntax.ts'
import { membersOf, type SettingsTree } from './tree.ts'

/** Edits that take ours out. What was empty before stays. */
export function removals(text: string, tree: SettingsTree, isOurs: IsOurs): Edit[] {
  const { root, hooks, events } = tree
  if (hooks === undefined) return []
  const going = whatGoes(tree, (handler) => isOurs(readValue(text, handler)))
  const goes = (node: Node) => going.has(node)
  const cut = (container: Node): Edit[] => {
    const members = membersOf(container)
    return holdsOnly(members, goes) ? [emptied(text, container)] : remove(members, goes)
  }
  const staying = <T extends { node: Node }>(places: readonly T[]) => places.filter(({ node }) => !goes(node))
  if (goes(hooks.node)) return cut(root)
  return [
    ...cut(hooks.value),
    ...staying(events).flatMap(({ value, groups }) => [
      ...cut(value),
      ...staying(groups).flatMap(({ list }) => cut(list)),
    ]),
  ]
}

/** Our handlers, and from there outwards what holds nothing but what goes. */
function whatGoes({ hooks, events }: SettingsTree, isOwn: (handler: Node) => boolean): Set<Node> {
  const going = new Set<Node>()
  const goWith = (node: Node, container: Node) => {
    if (holdsOnly(membersOf(container), (member) => going.has(member))) going.add(node)
  }
  for (const { node, value, groups } of events) {
    for (const group of groups) {
      for (const handler of membersOf(group.list).filter(isOwn)) going.add(handler)
      goWith(group.node, group.list)
    }
    goWith(node, value)
  }
  if (hooks !== undefined) goWith(hooks.node, hooks.value)
  return going
}

function holdsOnly(members: readonly Node[], goes: (member: Node) => boolean): boolean {
  return members.length > 0 && members.every(goes)
}
