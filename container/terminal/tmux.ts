/** A tmux server, spoken to through tmux's command line. Tried with tmux 3.3a. */
import { execa } from 'execa'
import { ContainerError } from '../errors.ts'

/** What a run of tmux came to. `problem` is what tmux said, without the line feed. */
export type TmuxResult = { ok: boolean; text: string; problem: string }

export type Tmux = {
  /** Runs commands in one go; the first that fails ends the row. Rejects only when tmux itself is missing. */
  run(commands: string[][], options?: { cwd?: string }): Promise<TmuxResult>
  /** The command line for a person's own terminal. */
  argv(...command: string[]): string[]
}

/** A server that somebody else has started; nobody is led to it. */
export type ForeignTmux = Pick<Tmux, 'run'>

/** The server `tmux -L socketName`, without anybody's configuration file. */
export function createTmux(socketName: string, { answerMs = ANSWER_MS } = {}): Tmux {
  // -u: a responder that a service manager starts may have no UTF-8 locale, and would read question marks.
  const server = ['-u', '-L', socketName, '-f', '/dev/null']
  return {
    run: (commands, options) => runTmux([...server, ...toArguments(commands)], { ...options, answerMs }),
    // Inside the user's own tmux this one would refuse to attach as long as it sees TMUX.
    argv: (...command) => ['env', '-u', 'TMUX', 'tmux', ...server, ...command],
  }
}

/**
 * The server that listens at `socket`, on this machine or wherever `run` runs tmux. It is never started: of the
 * commands used there none does so (3.3a). The option that says the same, -N, is unknown to tmux before 3.2.
 */
export function createForeignTmux(
  socket: string,
  run: (args: string[]) => Promise<TmuxResult> = (args) => runTmux(args),
): ForeignTmux {
  return { run: (commands) => run(['-u', '-S', socket, ...toArguments(commands)]) }
}

/** tmux answers in some 5 ms. It waits for a person where a key of ours has opened a prompt of its own (3.3a). */
const ANSWER_MS = 10_000

async function runTmux(
  args: string[],
  { cwd, answerMs = ANSWER_MS }: { cwd?: string; answerMs?: number } = {},
): Promise<TmuxResult> {
  const done = await execa('tmux', args, {
    reject: false,
    timeout: answerMs,
    forceKillAfterDelay: 1_000,
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
  if (done.timedOut) {
    throw new ContainerError(
      'tmux-silent',
      `tmux has not answered for ${answerMs / 1_000} s.`,
      'Look whether a menu of tmux is open in that pane, close it, then try again.',
    )
  }
  return { ok: done.exitCode === 0, text: done.stdout, problem: done.stderr.trim() }
}

function toArguments(commands: string[][]): string[] {
  return commands.flatMap((command, index) => [...(index === 0 ? [] : [';']), ...command.map(quoted)])
}

/** tmux takes a semicolon at the end of an argument for the end of its command. */
function quoted(argument: string): string {
  return argument.replace(/;$/, '\\;')
}
