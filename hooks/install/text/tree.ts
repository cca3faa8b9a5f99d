/** The hooks of a settings file, with their places in the text; what Claude Code would not load is refused. Pure. */
import type { Node } from 'jsonc-parser'
import { SettingsError } from '../errors.ts'
import { lineAt, parseStrictly } from './syntax.ts'

/** A name and what it stands for; `node` is both. */
export type Property = { name: string; node: Node; value: Node }
/** One object in the array of an event; `list` is its own array, of handlers. */
export type GroupPlace = { node: Node; list: Node }
/** One event; its value is an array. */
export type EventPlace = Property & { groups: GroupPlace[] }
/** A whole file. `hooks` is absent where the file has no such name. */
export type SettingsTree = { root: Node; hooks?: Property; events: EventPlace[] }

/** Reads a text that is not blank. Throws a `SettingsError` for everything that is not as Claude Code wants it. */
export function readTree(text: string): SettingsTree {
  const root = parseStrictly(text)
  const shapes = shapesOf(text)
  shapes.expect(root, 'object', 'what should be the settings')
  const hooks = shapes.property(root, 'hooks')
  if (hooks === undefined) return { root, events: [] }
  shapes.expect(hooks.value, 'object', '"hooks"')
  const events = propertiesOf(hooks.value)
  shapes.noneTwice(events)
  return { root, hooks, events: events.map((event) => ({ ...event, groups: groupsOf(shapes, event) })) }
}

function groupsOf(shapes: Shapes, { name, value }: Property): GroupPlace[] {
  const quoted = JSON.stringify(name)
  shapes.expect(value, 'array', quoted)
  return membersOf(value).map((node) => {
    shapes.expect(node, 'object', `an entry of ${quoted}`)
    const list = shapes.property(node, 'hooks')?.value
    if (list === undefined) throw shapes.refuse(node, `an entry of ${quoted} has no "hooks"`)
    shapes.expect(list, 'array', `"hooks" in an entry of ${quoted}`)
    for (const handler of membersOf(list)) shapes.expect(handler, 'object', `a hook of ${quoted}`)
    return { node, list }
  })
}

/** The members of a list or an object, in their order. */
export function membersOf({ children = [] }: Node): Node[] {
  return children
}

function propertiesOf(object: Node): Property[] {
  return membersOf(object).flatMap((node) => {
    const [key, value] = membersOf(node)
    return key === undefined || value === undefined ? [] : [{ name: String(key.value), node, value }]
  })
}

const WORDS = { object: 'an object', array: 'a list' } as const

type Shapes = {
  expect: (node: Node, type: keyof typeof WORDS, what: string) => void
  property: (object: Node, name: string) => Property | undefined
  noneTwice: (properties: readonly Property[]) => void
  refuse: (node: Node, problem: string) => SettingsError
}

/** What is looked at on every level; each throws with the line where it is not so. */
function shapesOf(text: string): Shapes {
  const refuse: Shapes['refuse'] = (node, problem) => {
    const line = lineAt(text, node.offset)
    return new SettingsError(
      'settings-shape',
      `In line ${line} ${problem}. Claude Code skips that, some versions the whole file.`,
      'Put that line right; /doctor in Claude Code says more about it.',
      { line },
    )
  }
  const noneTwice: Shapes['noneTwice'] = (properties) => {
    const seen = new Set<string>()
    for (const { name, node } of properties) {
      if (!seen.has(name)) {
        seen.add(name)
        continue
      }
      const line = lineAt(text, node.offset)
      throw new SettingsError(
        'settings-twice',
        `In line ${line} ${JSON.stringify(name)} stands a second time in one object. Claude Code takes the last only.`,
        'Make one of the two.',
        { line },
      )
    }
  }
  return {
    refuse,
    noneTwice,
    expect(node, type, what) {
      if (node.type !== type) throw refuse(node, `${what} is not ${WORDS[type]}`)
    },
    property(object, name) {
      const found = propertiesOf(object).filter((one) => one.name === name)
      noneTwice(found)
      return found[0]
    },
  }
}
