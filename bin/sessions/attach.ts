/** Hands the terminal to tmux until the person detaches. */

import { spawn, spawnSync } from 'node:child_process'
import { CommandError } from '../cli/errors.ts'
import type { Box } from '../house/box.ts'

/** Attaches to the pane of a session; gives tmux's exit code. */
export async function attachTo({ terminal }: Box, name: string): Promise<number> {
  if (process.stdin.isTTY !== true) {
    throw new CommandError('no-terminal', 'Attaching needs a terminal.', `Run rc attach ${name} in one.`)
  }
  return await runInTerminal(terminal.attachArgv(name), { TERM: knownTerm(process.env['TERM'] ?? '') })
}

/**
 * `term`, or a name that every machine knows where this one has no description of it (such as of kitty or ghostty, over
 * ssh): tmux would end with "missing or unsuitable terminal". Those terminals all speak xterm's language.
 */
export function knownTerm(term: string): string {
  const { error, status } = spawnSync('infocmp', ['--', term], { stdio: 'ignore' })
  return error === undefined && status !== 0 ? 'xterm-256color' : term
}

/** Runs a program in our place: same terminal, its exit code. */
export async function runInTerminal(
  [program = '', ...args]: string[],
  variables: NodeJS.ProcessEnv = {},
): Promise<number> {
  const env = { ...process.env, ...variables }
  // tmux refuses to run inside another tmux, though ours is a server of its own.
  delete env['TMUX']
  return await new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
