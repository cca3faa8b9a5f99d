/** What was filled into a form, as the values that its schema asks for. Pure. */

import type { JsonObject } from '../protocol.ts'
import type { FormField } from './form-fields.ts'

/** Typed texts by field name as values; what is left empty is left out. A box is ticked by the text `true`. */
export function toContent(fields: FormField[], typed: (field: FormField) => readonly string[]): JsonObject {
  const values = fields.flatMap((field): [string, string | number | boolean | string[]][] => {
    const texts = typed(field).filter((text) => text !== '')
    const [text] = texts
    if (field.type === 'boolean') return [[field.name, text === 'true']]
    if (text === undefined) return []
    if (field.type === 'list') return [[field.name, texts]]
    if (field.type === 'number') return text.trim() === '' ? [] : [[field.name, Number(text)]]
    if (field.type === 'text' && field.input === 'datetime-local') return [[field.name, withZone(text)]]
    return [[field.name, text]]
  })
  return Object.fromEntries(values)
}

/** Why the content does not fit the fields, a sentence for the first that does not; null when all do. */
export function whyNotContent(fields: FormField[], content: JsonObject): string | null {
  const why = whyNotHere(fields)
  if (why !== null) return why
  const stranger = Object.keys(content).find((name) => !fields.some((field) => field.name === name))
  if (stranger !== undefined) return `The form has no field ${JSON.stringify(stranger)}.`
  for (const field of fields) {
    const value = content[field.name]
    if (value === undefined) {
      if (field.isRequired) return `"${field.title}" must be filled in.`
    } else if (!fits(field, value)) return `"${field.title}" does not fit: ${demandOf(field)}.`
  }
  return null
}

/** Why such a form can be filled in at the keyboard only, a sentence; null when it can be filled in here. */
export function whyNotHere(fields: FormField[]): string | null {
  const unknown = fields.find(({ type }) => type === 'unknown')
  if (unknown === undefined) return null
  return `"${unknown.title}" asks for something that cannot be filled in here, so this form is left to the keyboard: Claude shows it there when nobody has answered in time. Here it can only be declined or cancelled.`
}

function fits(field: FormField, value: unknown): boolean {
  switch (field.type) {
    case 'boolean':
      return typeof value === 'boolean'
    case 'choice':
      return field.choices.some((choice) => choice.value === value)
    case 'list':
      if (!Array.isArray(value) || new Set(value).size !== value.length) return false
      if (value.length < field.min || value.length > field.max) return false
      return value.every((one) => field.choices.some((choice) => choice.value === one))
    case 'number':
      if (typeof value !== 'number' || !(value >= field.min && value <= field.max)) return false
      return !field.isInteger || Number.isInteger(value)
    case 'text':
      if (typeof value !== 'string' || value.length < field.min || value.length > field.max) return false
      return FORMATS[field.input]?.test(value) ?? true
    case 'unknown':
      return false
  }
}

const FORMATS: Record<string, RegExp> = {
  email: /^[^\s@]+@[^\s@]+$/,
  url: /^[a-z][a-z0-9+.-]*:\S+$/i,
  date: /^\d{4}-\d\d-\d\d$/,
  'datetime-local': /^\d{4}-\d\d-\d\dT\d\d:\d\d/,
}

function demandOf(field: FormField): string {
  const values = 'choices' in field ? field.choices.map(({ value }) => value).join(', ') : ''
  switch (field.type) {
    case 'boolean':
      return 'yes or no'
    case 'unknown':
      return 'it cannot be filled in here'
    case 'choice':
      return `one of ${values}`
    case 'list':
      return `any of ${values}${boundsOf(field.min, field.max, '')}`
    case 'number':
      return `${field.isInteger ? 'a whole number' : 'a number'}${boundsOf(field.min, field.max, '', -Infinity)}`
    case 'text':
      return `a ${field.input}${boundsOf(field.min, field.max, ' characters')}`
  }
}

function boundsOf(min: number, max: number, unit: string, least = 0): string {
  const from = min > least ? `, at least ${min}${unit}` : ''
  return `${from}${max < Infinity ? `, at most ${max}${unit}` : ''}`
}

function withZone(text: string): string {
  return /(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text.length === 16 ? `${text}:00` : text}Z`
}
