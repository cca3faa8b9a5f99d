/**
 * Whether the command of a Bash call runs, by Linux's /proc: for each, Claude starts a shell with the command as one
 * quoted word after `eval` (2.1.197 and 2.1.330). Elsewhere nothing is seen, and the call's result is waited for.
 */
import { readdirSync, readFileSync } from 'node:fs'

/** Whether one of the processes `claude` has started a shell for `command`, and has done so after this process began. */
export function runsCommand(claude: readonly number[], command: string): boolean {
  const word = ` eval '${command.replaceAll("'", `'"'"'`)}' `
  // An equal command of before may still run in the background.
  const since = startOf('self')
  return claude
    .flatMap(childrenOf)
    .some((pid) => startOf(pid) >= since && (read(`/proc/${pid}/cmdline`) ?? '').includes(word))
}

/** Each thread has children of its own. */
function childrenOf(pid: number): string[] {
  const tasks = `/proc/${pid}/task`
  try {
    return readdirSync(tasks).flatMap((task) =>
      (read(`${tasks}/${task}/children`) ?? '').split(' ').filter(Boolean),
    )
  } catch {
    // It has ended, or there is no /proc.
    return []
  }
}

/** In clock ticks since the machine started, the 22nd field; the second, a name, may hold anything. */
function startOf(pid: string): number {
  const stat = read(`/proc/${pid}/stat`) ?? ''
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? Number.NaN)
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // Processes end while they are looked at.
    return null
  }
}
