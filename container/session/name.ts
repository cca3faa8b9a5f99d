/** Which name and id a new session gets. */
import { randomInt } from 'node:crypto'
import type { SessionId } from '../../server/protocol.ts'
import { ContainerError } from '../errors.ts'
import { checkName, nameFor } from '../names.ts'
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
