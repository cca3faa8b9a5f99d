/** Turns what zod found wrong into sentences: which setting, what it should be, what it is, what was probably meant. */
import type * as z from 'zod'
import type { SettingPath } from './document.ts'
import { nearest } from './nearest.ts'
import { allSettings, keysOf, schemaAt } from './schema.ts'
import { isSecret } from './secrets.ts'

/** One thing that is wrong. `key` is set when it is about a key that nobody knows, below `path`. */
export type SettingProblem = { path: SettingPath; key: string | null; message: string }

/** The sentences for everything that is wrong with `value`. */
export function describeProblems(
  schema: z.core.$ZodType,
  value: unknown,
  issues: readonly z.core.$ZodIssue[],
): SettingProblem[] {
  return issues.flatMap((issue): SettingProblem[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: issue.path,
        key,
        message: describeKey(schema, issue.path, key),
      }))
    }
    return [
      { path: issue.path, key: null, message: describeValue(schema, valueAt(value, issue.path), issue) },
    ]
  })
}

/** `network.allowed_domains[2]` */
export function toName(path: SettingPath): string {
  return path.reduce<string>(
    (name, part) =>
      typeof part === 'number' ? `${name}[${part}]` : name === '' ? String(part) : `${name}.${String(part)}`,
    '',
  )
}

function describeKey(schema: z.core.$ZodType, path: SettingPath, key: string): string {
  const name = toName([...path, key])
  const section = schemaAt(schema, path)
  const known = section === null ? [] : keysOf(section.schema)
  const near = nearest(key, known)
  if (near !== null) return `${name} is not a setting. Did you mean ${toName([...path, near])}?`
  const elsewhere = allSettings(schema).filter((setting) => setting.split('.').at(-1) === key)
  if (elsewhere.length > 0) return `${name} is not a setting. Did you mean ${elsewhere.join(' or ')}?`
  const where = path.length === 0 ? 'At the top there are' : `${toName(path)} takes`
  return `${name} is not a setting. ${where} ${known.join(', ')}.`
}

function describeValue(schema: z.core.$ZodType, value: unknown, issue: z.core.$ZodIssue): string {
  const name = toName(issue.path) || 'The file'
  const setting = schemaAt(schema, issue.path)
  const purpose = setting?.description ?? null
  const hint = purpose === null ? '' : ` (${purpose.replace(/\.$/, '')})`
  if (value === null) return `${name} is empty${hint}. Give it a value, or remove the line.`
  const is = isSecret(issue.path) ? '' : `, but is ${show(value)}`
  if (issue.code === 'invalid_value') {
    const meant = typeof value === 'string' ? nearest(value, issue.values.map(String)) : null
    const suggestion = meant === null ? '' : ` Did you mean ${meant}?`
    return `${name} should be ${oneOf(issue.values)}${is}${hint}.${suggestion}`
  }
  if (issue.code === 'invalid_type') return `${name} should be ${kindOf(issue.expected)}${is}${hint}.`
  if (issue.code === 'invalid_key') {
    const [first] = issue.issues
    const form = first === undefined ? null : expectation(first)
    return `${name} has a name that cannot be used${form === null ? '' : `: it should be ${form}`}.`
  }
  const expected = unionWords(setting?.schema, issue) ?? expectation(issue)
  return expected === null
    ? `${name} cannot be ${show(value)}${hint}.`
    : `${name} should be ${expected}${is}${hint}.`
}

function expectation(issue: z.core.$ZodIssue): string | null {
  // The words of whoever wrote the schema say more than ours.
  if (!/^(Invalid |Too |Unrecognized |Expected )/.test(issue.message)) return toPhrase(issue.message)
  switch (issue.code) {
    case 'too_small':
      return `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${unitOf(issue.origin)}`
    case 'too_big':
      return `${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${unitOf(issue.origin)}`
    case 'invalid_format':
      return issue.format === 'url'
        ? 'an address such as https://example.org'
        : `written like ${issue.pattern ?? issue.format}`
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`
    case 'invalid_union': {
      const kinds = issue.errors.flat().map((inner) => {
        if (inner.code === 'invalid_type') return kindOf(inner.expected)
        return inner.code === 'invalid_value' ? oneOf(inner.values) : expectation(inner)
      })
      const known = [...new Set(kinds.filter((kind) => kind !== null))]
      return known.length === 0 ? null : known.join(' or ')
    }
    default:
      return null
  }
}

/** Zod tells of one shape only when the others are of another type, and leaves out what the union says of itself. */
function unionWords(schema: z.core.$ZodType | undefined, issue: z.core.$ZodIssue): string | null {
  const { def } = schema?._zod ?? {}
  if (def?.type !== 'union' || issue.code === 'custom') return null
  const said = def.error?.({ ...issue, input: undefined } as never)
  return typeof said === 'string' ? toPhrase(said) : null
}

function toPhrase(sentence: string): string {
  const start = /^[A-Z][a-z]* /.test(sentence) ? sentence.charAt(0).toLowerCase() : sentence.charAt(0)
  return `${start}${sentence.slice(1).replace(/\.$/, '')}`
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long'
  return origin === 'array' || origin === 'set' ? ' entries long' : ''
}

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.map(String).join(', ')}`
}

function kindOf(expected: string): string {
  const kinds: Record<string, string> = {
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a section with settings of its own',
    record: 'a section of names and values',
  }
  return kinds[expected] ?? expected
}

function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'a section'
  const text = (JSON.stringify(value) ?? 'missing')
    .replace(/(\w:\/\/)[^/@\s]*@/g, '$1…@')
    // Users, passwords and queries of addresses: whoever helps with a mistake need not see what is in them.
    .replace(/(\w:\/\/[^?\s"]*\?)[^"]+/g, '$1…')
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

function valueAt(value: unknown, path: SettingPath): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null ? (found as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  )
}
