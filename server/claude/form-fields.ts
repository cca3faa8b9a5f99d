/**
 * The fields of an MCP elicitation, read from its schema: a flat object of strings, numbers, booleans, choices and lists
 * of choices, as Claude Code 2.1.197 and 2.1.330 know them (modelcontextprotocol.io, elicitation). Pure.
 */
import type { JsonObject } from '../protocol.ts'

export type FormField = {
  name: string
  title: string
  description: string
  isRequired: boolean
  /** What the field starts with, as it would be typed; more than one only for a list. */
  initial: readonly string[]
} & FieldKind

type FieldKind =
  | { type: 'text'; input: 'text' | 'email' | 'url' | 'date' | 'datetime-local'; min: number; max: number }
  | { type: 'number'; isInteger: boolean; min: number; max: number }
  | { type: 'boolean' }
  | { type: 'choice'; choices: FieldChoice[] }
  | { type: 'list'; choices: FieldChoice[]; min: number; max: number }
  /** A shape that we do not know: guessing it would send the server something else than was asked for. */
  | { type: 'unknown' }

type FieldChoice = { value: string; label: string }

const INPUTS: Record<string, 'email' | 'url' | 'date' | 'datetime-local'> = {
  email: 'email',
  uri: 'url',
  date: 'date',
  'date-time': 'datetime-local',
}

/** The fields of a form's ask, in the schema's order. A form that is an address to be opened has none. */
export function fieldsOf({ mode, schema }: JsonObject): FormField[] {
  if (mode === 'url') return []
  const { properties, required } = objectOf(schema)
  const names = Array.isArray(required) ? required : []
  return Object.entries(objectOf(properties)).map(([name, value]) => {
    const one = objectOf(value)
    return {
      name,
      title: onLine(textOf(one['title'])) || onLine(name),
      description: textOf(one['description']),
      isRequired: names.includes(name),
      initial: initialOf(one['default']),
      ...kindOf(one),
    }
  })
}

function kindOf(one: Record<string, unknown>): FieldKind {
  const choices = choicesOf(one, 'oneOf')
  if (choices !== null) return { type: 'choice', choices }
  if ('enum' in one || 'oneOf' in one) return { type: 'unknown' }
  switch (one['type']) {
    case 'boolean':
      return { type: 'boolean' }
    case 'number':
    case 'integer': {
      const [min, max] = [numberOf(one['minimum'], -Infinity), numberOf(one['maximum'], Infinity)]
      return { type: 'number', isInteger: one['type'] === 'integer', min, max }
    }
    case 'string': {
      const [min, max] = [numberOf(one['minLength'], 0), numberOf(one['maxLength'], Infinity)]
      return { type: 'text', input: INPUTS[textOf(one['format'])] ?? 'text', min, max }
    }
    case 'array': {
      const listed = choicesOf(objectOf(one['items']), 'anyOf')
      if (listed === null) return { type: 'unknown' }
      const [min, max] = [numberOf(one['minItems'], 0), numberOf(one['maxItems'], Infinity)]
      return { type: 'list', choices: listed, min, max }
    }
    default:
      return { type: 'unknown' }
  }
}

/** `enum` with or without `enumNames`, or constants with titles. Null for anything else than texts. */
function choicesOf(one: Record<string, unknown>, titled: 'oneOf' | 'anyOf'): FieldChoice[] | null {
  if (one['type'] !== undefined && one['type'] !== 'string') return null
  const labels = Array.isArray(one['enumNames']) ? one['enumNames'] : []
  const plain = Array.isArray(one['enum']) ? one['enum'].map((value, at) => [value, labels[at]]) : null
  const named = Array.isArray(one[titled])
    ? one[titled].map(objectOf).map((each) => [each['const'], each['title']])
    : null
  const pairs = named ?? plain
  if (pairs === null || (named !== null && plain !== null)) return null
  if (!pairs.every(([value]) => typeof value === 'string')) return null
  return pairs.map(([value, label]) => ({ value: String(value), label: textOf(label) || String(value) }))
}

function initialOf(value: unknown): string[] {
  const values = Array.isArray(value) ? value : [value]
  return values.flatMap((one) => (['string', 'number', 'boolean'].includes(typeof one) ? [String(one)] : []))
}

/** Line ends of a server's would make sentences of ours. */
function onLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function numberOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise
}
