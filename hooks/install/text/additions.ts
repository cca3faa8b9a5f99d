/** Where groups of ours go in a file without any. Pure. */

import { append, type Edit, type WriteMember } from './edits.ts'
import type { Group, HookGroup } from './groups.ts'
import { type Layout, write, writeProperty } from './layout.ts'
import type { SettingsTree } from './tree.ts'

/** What stands under each event. */
export function listsOf(groups: readonly HookGroup[]): [event: string, groups: Group[]][] {
  const lists = new Map<string, Group[]>()
  for (const { event, ...group } of groups) lists.set(event, [...(lists.get(event) ?? []), group])
  return [...lists]
}

/** Edits that put each group at the end of its event, and make what is missing for that. */
export function additions(
  text: string,
  { root, hooks, events }: SettingsTree,
  layout: Layout,
  wanted: readonly HookGroup[],
): Edit[] {
  const lists = listsOf(wanted)
  if (lists.length === 0) return []
  const property =
    (name: string, value: unknown): WriteMember =>
    (indent) =>
      writeProperty(name, value, layout, indent)
  if (hooks === undefined) {
    return [append(text, root, layout, [property('hooks', Object.fromEntries(lists))])]
  }
  const arrays = new Map(events.map(({ name, value }) => [name, value]))
  const edits = lists.flatMap(([event, groups]) => {
    const array = arrays.get(event)
    const members = groups.map(
      (group): WriteMember =>
        (indent) =>
          write(group, layout, indent),
    )
    return array === undefined ? [] : [append(text, array, layout, members)]
  })
  const missing = lists.filter(([event]) => !arrays.has(event))
  if (missing.length === 0) return edits
  const members = missing.map(([event, groups]) => property(event, groups))
  return [...edits, append(text, hooks.value, layout, members)]
}
