/** A process that stays when a script has ended: Claude waits for scripts, and what comes after can only be seen then. */
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import type { Writable } from 'node:stream'

/** A pipe takes this much at once, so that the script need not wait for its witness to read. */
const MAX_BYTES = 60_000

/**
 * fd 3 ends with the script; only then is stdin read, which has something to say only after a call. To start a Node
 * while Claude waits for the script would slow both, so that a shell, which is small, stands by instead.
 */
const AFTER_THE_SCRIPT = 'read -r word <&3; exec 3<&-; read -r word && exec "$0" "$@"'

export type StandBy = {
  /** Lets `witness` run with this on its stdin as soon as the script has ended. Throws when nobody stands by, or it is too long. */
  call(task: object): void
  /** Lets it end now, so that the script can still reap it. */
  dismiss(): void
}

/** Puts a witness beside the running script. Without a call it ends with the script. */
export function standBy(): StandBy {
  const pipes = startShell()
  return {
    call: (task) => {
      if (pipes[0] === undefined) throw new Error('no witness could be started')
      const text = JSON.stringify(task)
      if (Buffer.byteLength(text) > MAX_BYTES) throw new Error('the call is too large to be looked for')
      pipes[0].end(`\n${text}`)
    },
    dismiss: () => {
      for (const pipe of pipes) pipe.destroy()
    },
  }
}

/** The shell's stdin and fd 3; none where no process or descriptor is left: the script goes on without. */
function startShell(): Writable[] {
  const script = join(dirname(process.argv[1] ?? ''), 'witness.cjs')
  const args = ['-c', AFTER_THE_SCRIPT, process.execPath, script, ...process.argv.slice(2)]
  try {
    const child = spawn('/bin/sh', args, { detached: true, stdio: ['pipe', 'ignore', 'ignore', 'pipe'] })
    child.on('error', () => {})
    const pipes = [child.stdin, child.stdio[3]] as Writable[]
    for (const pipe of pipes) pipe.on('error', () => {})
    child.unref()
    return child.pid === undefined ? [] : pipes
  } catch {
    return []
  }
}
