/**
 * Which asks are about something that cannot be undone: they are urgent. Found in the text, so rather one too many than
 * one too few; it is a help and no wall: a script can hide what it does. Pure.
 */
import { findRules } from '../claude/rules.ts'
import { GRAVE_KINDS, type GraveKind, type JsonObject } from '../protocol.ts'
import { brief } from '../text/preview.ts'
import type { Ask } from './ask.ts'
import { commandsIn } from './commands.ts'

/** What counts as grave: kinds, permission rules, and the branches that are protected, `release/*` for all of a kind. */
export type GraveList = { grave: readonly string[]; protectedBranches: readonly string[] }

export const DEFAULT_GRAVE: GraveList = {
  grave: GRAVE_KINDS,
  protectedBranches: ['main', 'master', 'trunk', 'develop', 'production', 'release', 'release/*'],
}

const OBJECT_LENGTH = 60
/** Nobody reads through a longer command, so it is looked at twice whatever it does. */
const READABLE = 20_000

type Matter = Pick<Ask, 'kind' | 'tool' | 'input'> & { workspace: string }

/**
 * What the ask is about, in a few words such as `push to origin/main`, with nothing hidden in them and no secret; null for one
 * that is not grave.
 */
export function graveOf(
  { kind, tool, input, workspace }: Matter,
  { grave, protectedBranches }: GraveList,
): string | null {
  const has = (one: GraveKind) => grave.includes(one)
  if (kind === 'key') return has('unknown-host') ? unknownHost(input) : null
  if (kind !== 'permission') return null
  const { command } = input
  if (typeof command === 'string' && command.length > READABLE && grave.length > 0)
    return `run ${command.length} characters`
  const found = typeof command === 'string' ? inCommand(command) : null
  if (found !== null) return brief(found, OBJECT_LENGTH)
  const rules = grave.filter((one) => !(GRAVE_KINDS as readonly string[]).includes(one))
  const [rule] = findRules(rules, tool, input)
  return rule === undefined ? null : brief(rule, OBJECT_LENGTH)

  function inCommand(text: string): string | null {
    for (const words of commandsIn(text)) {
      const line = words.join(' ')
      const object =
        (has('sudo') &&
          /^(sudo|doas|pkexec|su|run0)$/.test(nameOf(words)) &&
          `run as another user: ${line}`) ||
        (has('protected-push') && protectedPush(words, protectedBranches)) ||
        (has('delete-outside') && deletedOutside(words, workspace)) ||
        (has('publish') && PUBLISHES.test(line) && `publish: ${line}`)
      if (object) return object
    }
    return null
  }
}

/** Words that send something to a registry for good. */
const PUBLISHES =
  /^(\S*\/)?(npm|pnpm|yarn|bun|deno|jsr|npx|cargo|uv|poetry|hatch|flit|twine|python\S*|gem|docker|podman|gh|mvn|gradle\w*|dotnet|helm|vsce)\b.* (publish|upload|push|release|deploy)\b|^(\S*\/)?twine upload\b/

function unknownHost(input: JsonObject): string | null {
  const { purpose, hosts } = input
  if (purpose === 'signature') return null
  return purpose === 'login' && Array.isArray(hosts) && hosts.length > 0 ? null : 'sign for an unknown host'
}

/** Where a push goes that names a protected branch, forces, deletes, or does not say which branch. */
function protectedPush(words: readonly string[], branches: readonly string[]): string | null {
  const at = words.indexOf('push')
  if (nameOf(words) !== 'git' || at < 0) return null
  const rest = words.slice(at + 1)
  const flags = rest.filter((word) => word.startsWith('-'))
  const [remote = 'the usual remote', ...refs] = rest.filter((word) => !word.startsWith('-'))
  const isForced = flags.some((flag) =>
    /^(-[a-z]*[fd]|--(force|delete|mirror|all|prune|branches))/.test(flag),
  )
  if (isForced) return `push to ${[remote, ...refs].join(' ')} with ${flags.join(' ')}`
  if (refs.length === 0) return `push to ${remote}, whatever branch this is`
  const grave = refs.find(
    (ref) => /^[+:]/.test(ref) || /^(HEAD|@)$/.test(ref) || isProtected(targetOf(ref), branches),
  )
  if (grave === undefined) return null
  return `push to ${remote}/${targetOf(grave)}${/^\+/.test(grave) ? ' by force' : ''}`
}

function targetOf(ref: string): string {
  return ref
    .replace(/^\+/, '')
    .replace(/^.*:/, '')
    .replace(/^refs\/heads\//, '')
}

/** A name that the shell would still change may become any. */
function isProtected(branch: string, branches: readonly string[]): boolean {
  if (/[$`*?]/.test(branch)) return true
  return branches.some((one) => (one.endsWith('*') ? branch.startsWith(one.slice(0, -1)) : branch === one))
}

/** A path outside of the workspace that is deleted; one that the shell would still change counts, too. */
function deletedOutside(words: readonly string[], workspace: string): string | null {
  if (!/^(rm|rmdir|unlink|shred|find)$/.test(nameOf(words))) return null
  if (
    nameOf(words) === 'find' &&
    !words.includes('-delete') &&
    !words.some((word) => /^(rm|-exec\w*)$/.test(word))
  )
    return null
  const inside = (path: string) => path === workspace || path.startsWith(`${workspace}/`)
  const path = words.slice(1).find((word) => {
    if (word.startsWith('-')) return false
    if (/^~|\$|`/.test(word)) return true
    if (word.split('/').includes('..')) return true
    return word.startsWith('/') && !inside(word)
  })
  return path === undefined ? null : `delete ${path}`
}

function nameOf([first = '']: readonly string[]): string {
  return first.replace(/^.*\//, '')
}
