/** From a configuration's text and the environment to settings, or to sentences about all that is wrong. */
import type * as z from 'zod'
import { readDocument, type SettingPath } from './document.ts'
import { describeProblems, type SettingProblem, toName } from './problems.ts'

/** An environment variable that stands above a setting. */
export type Override = { variable: string; path: readonly string[] }

type Source<S extends z.ZodType> = {
  text: string
  /** How the file is called in messages. */
  file: string
  env: Record<string, string | undefined>
  schema: S
  overrides: readonly Override[]
  /** Puts settings of older forms into today's, with a sentence for each. */
  translate?: (settings: Record<string, unknown>) => { settings: Record<string, unknown>; notes: string[] }
}

/** Checks everything at once; `problems` are sentences that begin with file and line, or with the variable. */
export function checkConfig<S extends z.ZodType>({
  text,
  file,
  env,
  schema,
  overrides,
  translate = (settings) => ({ settings, notes: [] }),
}: Source<S>): { config: z.output<S>; notes: string[] } | { problems: string[] } {
  const document = readDocument(text)
  if (document.problems.length > 0) {
    return { problems: document.problems.map(({ line, message }) => `${file}:${line}: ${message}`) }
  }
  if (!isSection(document.value)) {
    return { problems: [`${file}:1: The file should hold settings, a line each: "name: value".`] }
  }
  const active = overrides.filter(({ variable }) => (env[variable] ?? '') !== '')
  const { settings: value, notes } = translate(structuredClone(document.value))
  for (const { variable, path } of active) place(value, path, env[variable] ?? '')

  const parsed = schema.safeParse(value)
  if (parsed.success) return { config: parsed.data, notes }

  const label = ({ path, key, message }: SettingProblem): { at: number; text: string } => {
    const override = active.find((one) => key === null && samePath(one.path, path))
    if (override !== undefined) {
      return { at: Number.POSITIVE_INFINITY, text: `${override.variable} in the environment: ${message}` }
    }
    const line = key === null ? document.lineOf(path) : document.lineOfKey(path, key)
    return { at: line, text: `${file}:${line}: ${message}` }
  }
  const labelled = describeProblems(schema, value, parsed.error.issues).map(label)
  return { problems: labelled.sort((left, right) => left.at - right.at).map((one) => one.text) }
}

/** Sets a value in nested sections, without touching what is there in a wrong shape: that is found by the schema. */
function place(section: Record<string, unknown>, path: readonly string[], value: string): void {
  const [head, ...tail] = path
  if (head === undefined) return
  if (tail.length === 0) {
    section[head] = value
    return
  }
  const below = section[head] ?? {}
  if (!isSection(below)) return
  section[head] = below
  place(below, tail, value)
}

function samePath(left: SettingPath, right: SettingPath): boolean {
  return toName(left) === toName(right)
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
