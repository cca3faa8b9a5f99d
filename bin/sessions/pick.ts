/** Pickers for commands that were given no name, in a terminal. */

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isCancel, select } from '@clack/prompts'
import type { Session } from '../../container/sessions.ts'
import { CommandError } from '../cli/errors.ts'
import type { Output } from '../cli/output.ts'
import { toOneLine } from '../cli/text-width.ts'
import type { Box } from '../house/box.ts'
import type { House } from '../house/house.ts'

/** A folder: this one, those of earlier sessions, and the repositories in it. */
export async function pickFolder(_house: House, { sessions }: Box, output: Output): Promise<string> {
  if (!canAsk(output)) {
    throw new CommandError('usage', 'rc start needs a folder to work in.', 'For example: rc start .')
  }
  const here = process.cwd()
  const known = (await sessions.list({ all: true })).map((session) => session.workspace)
  const folders = [...new Set([here, ...known, ...(await repositoriesIn(here))])]
  return await pick(
    'Where shall Claude work?',
    folders.map((value) => ({ value, label: value })),
  )
}

/** One of the sessions; the only one without asking. */
export async function pickSession(found: Session[], output: Output): Promise<Session> {
  const [first, ...others] = found
  if (first === undefined) {
    throw new CommandError('no-session', 'There is no session.', 'Start one with rc start DIR.')
  }
  if (others.length === 0) return first
  if (!canAsk(output)) {
    const names = found.map((session) => session.name).join(', ')
    throw new CommandError('usage', `Which session? There are ${names}.`, 'Give its name.')
  }
  const name = await pick(
    'Which session?',
    found.map((one) => ({ value: one.name, label: `${one.name}  ${one.workspace}` })),
  )
  return found.find((session) => session.name === name) ?? first
}

function canAsk(output: Output): boolean {
  return process.stdin.isTTY === true && output.isNoteTerminal
}

async function pick(message: string, options: Array<{ value: string; label: string }>): Promise<string> {
  // Names of folders may be an agent's.
  const shown = options.map(({ value, label }) => ({ value, label: toOneLine(label) }))
  const chosen = await select({ message, options: shown, output: process.stderr })
  if (isCancel(chosen)) throw new CommandError('cancelled', 'Nothing was chosen.', 'Nothing was changed.')
  return chosen
}

async function repositoriesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
  const found = await Promise.all(
    folders.slice(0, 200).map(async ({ name }) => {
      const inside: string[] = await readdir(join(folder, name)).catch(() => [])
      return inside.includes('.git') ? join(folder, name) : null
    }),
  )
  return found.filter((path) => path !== null)
}
