/**
 * Permission rules of the user's settings as a box takes them. Pure.
 *
 * Claude Code passes over an entry of a list that is no text or no rule, and the others hold. Anything else of a wrong type
 * in `permissions` voids the whole file, what it forbids included, and says so to nobody who does not ask (both seen alike
 * on 2.1.197 and 2.1.332). Here what forbids and what asks holds; of a void file nothing is allowed.
 */
import { shorten } from './user-commands.ts'

type Json = Record<string, unknown>

export type UserRules = {
  /** `permissions` of the box's settings; undefined where there are none. */
  permissions: Json | undefined
  leftOut: string[]
}

/** Any other value voids the file. */
const FORMS: Record<string, (value: unknown) => boolean> = {
  allow: Array.isArray,
  deny: Array.isArray,
  ask: Array.isArray,
  additionalDirectories: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  defaultMode: (value) =>
    ['acceptEdits', 'auto', 'bypassPermissions', 'default', 'dontAsk', 'manual', 'plan'].includes(
      value as string,
    ),
  disableBypassPermissionsMode: (value) => value === 'disable',
}
const LISTS = ['allow', 'deny', 'ask']
const RESTRICTING = ['deny', 'ask']

/** Reads `permissions` as it stands in the file. */
export function bringRules(given: unknown): UserRules {
  if (given === undefined) return { permissions: undefined, leftOut: [] }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return { permissions: undefined, leftOut: ['permissions, which is no object of lists'] }
  }
  const leftOut: string[] = []
  const kept: Json = {}
  let isVoid = false
  for (const [name, value] of Object.entries(given)) {
    if (FORMS[name]?.(value) ?? true)
      kept[name] = LISTS.includes(name) ? rulesOf(name, value, leftOut) : value
    else {
      isVoid = true
      if (RESTRICTING.includes(name) && typeof value === 'string') {
        kept[name] = rulesOf(name, [value], leftOut)
        leftOut.push(`the form of permissions.${name}, which is taken for a list of that one rule`)
      } else leftOut.push(`permissions.${name}, which is not of the type that Claude Code wants`)
    }
  }
  if (isVoid && kept['allow'] !== undefined) {
    delete kept['allow']
    leftOut.push('permissions.allow, for with that mistake Claude Code itself allows nothing of it')
  }
  return { permissions: kept, leftOut }
}

function rulesOf(name: string, list: unknown, leftOut: string[]): string[] {
  return (Array.isArray(list) ? list : []).filter((rule): rule is string => {
    const isText = typeof rule === 'string'
    if (!isText || !isRule(rule))
      leftOut.push(`${shorten(JSON.stringify(rule))} of permissions.${name}, which is no rule to Claude Code`)
    return isText
  })
}

/** Only what was seen to be passed over counts as wrong; a tool that Claude does not know may come with a server. */
function isRule(rule: string): boolean {
  const bare = rule.replaceAll(/\\./gs, '')
  return /^(?:mcp__|[^\sa-z])/.test(rule) && bare.split('(').length === bare.split(')').length
}
