/** One tmux server of our own, spoken to through its command line. Tried with tmux 3.3a. */
import { execa } from 'execa'
import { ContainerError } from './errors.ts'

/** What a run of tmux came to. `problem` is what tmux said, without the line feed. */
export type TmuxResult = { ok: boolean; text: string; problem: string }

export type Tmux = {
  /** Runs commands in one go; the first that fails ends the row. Rejects only when tmux itself is missing. */
  run(commands: string[][], options?: { cwd?: string }): Promise<TmuxResult>
  /** The command line for a person's own terminal. */
  argv(...command: string[]): string[]
}

/** The server `tmux -L socketName`, without anybody's configuration file. */
export function createTmux(socketName: string): Tmux {
  // -u: a responder that a service manager starts may have no UTF-8 locale, and would read question marks.
  const server = ['-u', '-L', socketName, '-f', '/dev/null']
  return {
    async run(commands, { cwd } = {}) {
      const args = commands.flatMap((command, index) => [
        ...(index === 0 ? [] : [';']),
        ...command.map(quoted),
      ])
      const done = await execa('tmux', [...server, ...args], {
        reject: false,
        stripFinalNewline: false,
        ...(cwd === undefined ? {} : { cwd }),
      })
      if (done.code === 'ENOENT') {
        throw new ContainerError(
          'tmux-missing',
          'tmux is not installed, or the folder to start in is gone.',
          'Install tmux with apt-get install tmux or brew install tmux, then try again.',
        )
      }
      return { ok: done.exitCode === 0, text: done.stdout, problem: done.stderr.trim() }
    },
    // Inside the user's own tmux this one would refuse to attach as long as it sees TMUX.
    argv: (...command) => ['env', '-u', 'TMUX', 'tmux', ...server, ...command],
  }
}

/** tmux takes a semicolon at the end of an argument for the end of its command. */
function quoted(argument: string): string {
  return argument.replace(/;$/, '\\;')
}
