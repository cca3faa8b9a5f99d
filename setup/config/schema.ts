/** Looks into a zod schema: which keys it has, what a setting is for. */
import type * as z from 'zod'

/** The schema of a setting, with what is said about it on the way in, or null when there is no such setting. */
export function schemaAt(
  schema: z.core.$ZodType,
  path: readonly PropertyKey[],
): { schema: z.core.$ZodType; description: string | null } | null {
  const { inner, description } = unwrap(schema)
  const [head, ...tail] = path
  if (head === undefined) return { schema: inner, description }
  const { def } = inner._zod as z.core.$ZodTypes['_zod']
  if (def.type === 'object') {
    const next = def.shape[String(head)]
    return next === undefined ? null : schemaAt(next, tail)
  }
  if (def.type === 'array') return schemaAt(def.element, tail)
  if (def.type === 'record') return schemaAt(def.valueType, tail)
  return null
}

/** The keys an object takes; none for anything else. */
export function keysOf(schema: z.core.$ZodType): string[] {
  const { def } = unwrap(schema).inner._zod as z.core.$ZodTypes['_zod']
  return def.type === 'object' ? Object.keys(def.shape) : []
}

/** Every setting there is, as dotted paths, sections included. */
export function allSettings(schema: z.core.$ZodType, above = ''): string[] {
  return keysOf(schema).flatMap((key) => {
    const path = above === '' ? key : `${above}.${key}`
    return [path, ...allSettings(schemaAt(schema, [key])?.schema ?? schema, path)]
  })
}

function unwrap(schema: z.core.$ZodType): { inner: z.core.$ZodType; description: string | null } {
  const description = (schema as z.ZodType).description ?? null
  const { def } = schema._zod as z.core.$ZodTypes['_zod']
  const next = 'innerType' in def ? def.innerType : def.type === 'pipe' ? def.in : null
  if (next === null) return { inner: schema, description }
  const below = unwrap(next)
  return { inner: below.inner, description: description ?? below.description }
}
