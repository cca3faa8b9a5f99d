/** Which name and id a new session gets. */
import { createHash, randomInt } from 'node:crypto'
import { basename } from 'node:path'
import type { SessionId } from '../../server/protocol.ts'
import { ContainerError } from '../errors.ts'
import { AlreadyRunning, type Session } from './session.ts'

/** Throws AlreadyRunning, `name-taken` or `bad-name`. A session that has ended gives its name away. */
export function chooseName(
  wanted: string | undefined,
  workspace: string,
  present: readonly Session[],
): string {
  const living = present.filter(isLiving)
  if (wanted === undefined) {
    const here = living.find((one) => one.workspace === workspace)
    if (here !== undefined) throw new AlreadyRunning(here)
  }
  const name = wanted === undefined ? nameFor(workspace, present) : checkName(wanted)
  const holder = present.find((one) => one.name === name)
  if (holder === undefined || (holder.workspace === workspace && !isLiving(holder))) return name
  if (holder.workspace === workspace) throw new AlreadyRunning(holder)
  throw new ContainerError(
    'name-taken',
    `${name} is the name of a session in ${holder.workspace}.`,
    'Choose another name with --name.',
  )
}

/** Whether Claude runs in it, or is about to. */
export function isLiving({ state }: Session): boolean {
  return state !== 'exited' && state !== 'dead' && state !== 'removing'
}

const ID_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'

export function newSessionId(): SessionId {
  return Array.from({ length: 12 }, () => ID_LETTERS[randomInt(ID_LETTERS.length)]).join('') as SessionId
}

type Named = { id: string; name: string; workspace: string }

/** tmux gives `.` and `:` a meaning, Docker forbids spaces, and a person has to type it. */
const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/
const SLUG_LENGTH = 30

/** A folder's name as letters, digits and single hyphens. */
export function toSlug(folder: string): string {
  const slug = basename(folder)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_LENGTH)
    .replace(/^-+|-+$/g, '')
  return slug === '' ? 'session' : slug
}

/** The name a workspace always gets, unless another workspace holds it: then a few digits of its path tell them apart. */
export function nameFor(workspace: string, others: readonly Named[]): string {
  const slug = toSlug(workspace)
  const isTaken = others.some((other) => other.name === slug && other.workspace !== workspace)
  if (!isTaken) return slug
  return `${slug}-${createHash('sha256').update(workspace).digest('hex').slice(0, 4)}`
}

/** Refuses a name that tmux, Docker or a person would stumble over. Throws `bad-name`. */
export function checkName(name: string): string {
  if (NAME.test(name)) return name
  throw new ContainerError(
    'bad-name',
    `${JSON.stringify(name)} cannot be the name of a session.`,
    'Use up to 40 small letters, digits and hyphens, beginning with a letter or a digit.',
  )
}

/** The session that `word` means: its id or name, else the only one that begins with it, else the only one that has it. */
export function resolveName<T extends Named>(word: string, sessions: readonly T[]): T {
  const exact = sessions.find(({ name, id }) => name === word || id === word)
  if (exact) return exact
  const starting = sessions.filter(({ name }) => name.startsWith(word))
  const candidates = starting.length > 0 ? starting : sessions.filter(({ name }) => name.includes(word))
  const [first, ...more] = candidates
  if (first === undefined) {
    throw new ContainerError(
      'no-session',
      `There is no session ${word}.`,
      'See what there is with `rc list --all`.',
    )
  }
  if (more.length === 0 && word !== '') return first
  throw new ContainerError(
    'ambiguous-name',
    `${word === '' ? 'No name' : word} could mean ${candidates.map(({ name }) => name).join(', ')}.`,
    'Give more of the name.',
  )
}
