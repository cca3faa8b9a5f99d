/**
 * The tmux pane of a Claude that we did not start: found, and never anything started or followed on the way.
 *
 *   this machine ─ the socket is one of our own user's ─ tmux -S socket
 *   a container  ─ by the engine, in that container, as the user of its Claude ─ tmux -S socket
 */
import { lstat } from 'node:fs/promises'
import type { Front } from '../terminal/pane-watch.ts'
import { type Refused, SYNCHRONIZED } from '../terminal/refusals.ts'
import { createForeignTmux, type ForeignTmux, type TmuxResult } from '../terminal/tmux.ts'
import { isInFront } from './in-front.ts'
import { checkPlace, type ForeignPlace, type PlaceWithPane } from './place.ts'
import { NO_PANE, NO_SERVER, NO_TMUX_INSIDE, NOT_OURS, unwilling } from './refusals.ts'

type Container = NonNullable<ForeignPlace['container']>

/**
 * Runs a program in a running container as that user, its arguments as they are. Rejects with a sentence when that
 * cannot be done; a program that is not there is one that fails.
 */
export type RunIn = (container: Container, argv: string[]) => Promise<TmuxResult>

/** A pane that is there. Whether Claude is in front in it has to be asked each time. */
export type Reached = {
  status: 'reached'
  tmux: ForeignTmux
  pane: string
  /** On this machine, where a look costs next to nothing. */
  isHere: boolean
  /** Tells the pane from all others, of other servers and containers too. */
  key: string
  isClaude: (front: Front) => boolean | Promise<boolean>
}

/** Gives `refused` where there is no such pane. */
export async function reach(place: ForeignPlace | null, runIn: RunIn): Promise<Reached | Refused> {
  const found = checkPlace(place)
  if (found.status === 'refused') return found
  const { container, socket, pane } = found
  if (container === null) {
    const problem = await whyNotOurs(socket)
    if (problem !== null) return problem
  }
  const tmux =
    container === null
      ? createForeignTmux(socket)
      : createForeignTmux(socket, (args) => runIn(container, ['tmux', ...args]))
  const problem = await whyNoPane(tmux, pane)
  if (problem !== null) return problem
  const key = JSON.stringify([container?.id ?? null, socket, pane])
  return { status: 'reached', tmux, pane, isHere: container === null, key, isClaude: isClaudeOf(found) }
}

/** Behind another user's socket listens another user, who would read what is typed and show what is not there. */
async function whyNotOurs(socket: string): Promise<Refused | null> {
  const found = await lstat(socket).catch(() => null)
  if (found === null) return NO_SERVER
  return found.isSocket() && found.uid === process.getuid?.() ? null : NOT_OURS
}

async function whyNoPane(tmux: ForeignTmux, pane: string): Promise<Refused | null> {
  const { ok, text, problem } = await tmux.run([
    ['list-panes', '-a', '-F', '#{pane_id} #{pane_dead} #{pane_synchronized}'],
  ])
  if (!ok) return toRefusal(problem)
  const line = text.split('\n').find((one) => one.startsWith(`${pane} `))
  if (line === undefined || line.startsWith(`${pane} 1`)) return NO_PANE
  return line.endsWith(' 1') ? SYNCHRONIZED : null
}

/** The quoted texts are those of tmux 3.3a and of Docker 20.10. */
function toRefusal(problem: string): Refused {
  if (/^(error connecting to|no server running|server exited|lost server)/.test(problem)) return NO_SERVER
  // `OCI runtime exec failed: exec failed: … exec: "tmux": executable file not found in $PATH: unknown`
  if (problem.includes('executable file not found')) return NO_TMUX_INSIDE
  return unwilling(problem)
}

/**
 * By process where it can be seen, otherwise by name. The name is that of the first program of the foreground group
 * (tmux 3.3a; Claude Code 2.1.330 and 2.1.197): `claude` for one started by its path, through a link of that name, by
 * a shell that a person types in or by a script that ends in exec; but `node` behind a script of Node's, `sh` behind
 * one of a shell, and any link's own name. Such a Claude is only found by its process.
 */
function isClaudeOf({ container, pid }: PlaceWithPane): Reached['isClaude'] {
  const seesProcesses = container === null && process.platform === 'linux'
  return async ({ program, tty, isSynchronized }) => {
    if (isSynchronized) return false
    return seesProcesses && pid !== null ? await isInFront(pid, tty) : program === 'claude'
  }
}
