/** What Claude has started, as its own shell tells it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Claude's shell, which writes down what it is started with: Esc may stop a command that has begun and done nothing yet. */
export function loggingShell(folder: string) {
  const [program, log] = [join(folder, 'bash'), join(folder, 'shell.log')]
  writeFileSync(log, '')
  const script = `#!/bin/sh\nprintf '%s\\n' "$*" >> '${log}'\nexec /bin/bash "$@"\n`
  writeFileSync(program, script, { mode: 0o755 })
  return { program, hasBegun: (command: string) => readFileSync(log, 'utf8').includes(`eval '${command}' `) }
}
