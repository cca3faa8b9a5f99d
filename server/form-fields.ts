/**
 * The fields of an MCP elicitation, read from its schema: a flat object of strings, numbers, booleans and choices
 * (modelcontextprotocol.io, elicitation). Pure.
 */
import type { JsonObject } from './protocol.ts'

export type FormField = {
  name: string
  title: string
  description: string
  isRequired: boolean
  /** What the field starts with, as it would be typed. */
  initial: string
} & (
  | { type: 'text'; input: 'text' | 'email' | 'url' | 'date' | 'datetime-local'; min: number; max: number }
  | { type: 'number'; isInteger: boolean; min: number; max: number }
  | { type: 'boolean' }
  | { type: 'choice'; choices: { value: string; label: string }[] }
)

const INPUTS: Record<string, 'email' | 'url' | 'date' | 'datetime-local'> = {
  email: 'email',
  uri: 'url',
  date: 'date',
  'date-time': 'datetime-local',
}

/** The fields in the schema's order; what a schema should not hold becomes a text field. */
export function readFields(schema: unknown): FormField[] {
  const { properties, required } = objectOf(schema)
  const names = Array.isArray(required) ? required : []
  return Object.entries(objectOf(properties)).map(([name, value]) => {
    const one = objectOf(value)
    const shared = {
      name,
      title: textOf(one['title']) || name,
      description: textOf(one['description']),
      isRequired: names.includes(name),
      initial: one['default'] === undefined ? '' : String(one['default']),
    }
    if (Array.isArray(one['enum'])) {
      const labels = Array.isArray(one['enumNames']) ? one['enumNames'] : []
      const choices = one['enum'].map((choice, at) => ({
        value: String(choice),
        label: textOf(labels[at]) || String(choice),
      }))
      return { ...shared, type: 'choice', choices }
    }
    if (one['type'] === 'boolean') return { ...shared, type: 'boolean' }
    if (one['type'] === 'number' || one['type'] === 'integer') {
      const [min, max] = [numberOf(one['minimum'], -Infinity), numberOf(one['maximum'], Infinity)]
      return { ...shared, type: 'number', isInteger: one['type'] === 'integer', min, max }
    }
    const [min, max] = [numberOf(one['minLength'], 0), numberOf(one['maxLength'], Infinity)]
    return { ...shared, type: 'text', input: INPUTS[textOf(one['format'])] ?? 'text', min, max }
  })
}

/** Typed texts by field name as the values that the schema asks for; what is left empty is left out. */
export function toContent(fields: FormField[], typed: (name: string) => string | undefined): JsonObject {
  const values = fields.flatMap((field): [string, string | number | boolean][] => {
    const text = typed(field.name) ?? ''
    if (field.type === 'boolean') return [[field.name, text !== '' && text !== 'false']]
    if (text === '') return []
    if (field.type === 'number') return [[field.name, Number(text)]]
    if (field.type === 'text' && field.input === 'datetime-local') return [[field.name, withZone(text)]]
    return [[field.name, text]]
  })
  return Object.fromEntries(values)
}

/** Why the content does not fit the fields, a sentence for the first that does not; null when all do. */
export function whyNotContent(fields: FormField[], content: JsonObject): string | null {
  const stranger = Object.keys(content).find((name) => !fields.some((field) => field.name === name))
  if (stranger !== undefined) return `The form has no field "${stranger}".`
  for (const field of fields) {
    const value = content[field.name]
    if (value === undefined) {
      if (field.isRequired) return `"${field.title}" must be filled in.`
    } else if (!fits(field, value)) return `"${field.title}" does not fit: ${demandOf(field)}.`
  }
  return null
}

function fits(field: FormField, value: unknown): boolean {
  switch (field.type) {
    case 'boolean':
      return typeof value === 'boolean'
    case 'choice':
      return field.choices.some((choice) => choice.value === value)
    case 'number':
      if (typeof value !== 'number' || !(value >= field.min && value <= field.max)) return false
      return !field.isInteger || Number.isInteger(value)
    case 'text':
      if (typeof value !== 'string' || value.length < field.min || value.length > field.max) return false
      return FORMATS[field.input]?.test(value) ?? true
  }
}

const FORMATS: Record<string, RegExp> = {
  email: /^[^\s@]+@[^\s@]+$/,
  url: /^[a-z][a-z0-9+.-]*:\S+$/i,
  date: /^\d{4}-\d\d-\d\d$/,
  'datetime-local': /^\d{4}-\d\d-\d\dT\d\d:\d\d/,
}

function demandOf(field: FormField): string {
  if (field.type === 'choice') return `one of ${field.choices.map(({ value }) => value).join(', ')}`
  if (field.type === 'boolean') return 'yes or no'
  const kind =
    field.type === 'number' ? (field.isInteger ? 'a whole number' : 'a number') : `a ${field.input}`
  const length = field.type === 'text' ? ' characters' : ''
  const from =
    field.min > 0 || (field.type === 'number' && field.min > -Infinity)
      ? `, at least ${field.min}${length}`
      : ''
  return `${kind}${from}${field.max < Infinity ? `, at most ${field.max}${length}` : ''}`
}

function withZone(text: string): string {
  return /(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text.length === 16 ? `${text}:00` : text}Z`
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
