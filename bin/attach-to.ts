/** Hands the terminal to tmux until the person detaches. */
import { spawn } from 'node:child_process'
import type { Box } from './compose.ts'
import { CommandError } from './errors.ts'

/** Attaches to the pane of a session; gives tmux's exit code. */
export async function attachTo({ terminal }: Box, name: string): Promise<number> {
  if (process.stdin.isTTY !== true) {
    throw new CommandError('no-terminal', 'Attaching needs a terminal.', `Run rc attach ${name} in one.`)
  }
  return await runInTerminal(terminal.attachArgv(name))
}

/** Runs a program in our place: same terminal, its exit code. */
export async function runInTerminal([program = '', ...args]: string[]): Promise<number> {
  const env = { ...process.env }
  // tmux refuses to run inside another tmux, though ours is a server of its own.
  delete env['TMUX']
  return await new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
