import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { createTerminal } from '../../../../container/terminal/terminal.ts'
import { createTmux } from '../../../../container/terminal/tmux.ts'
import type { SessionId } from '../../../../server/protocol.ts'

const FAKE = fileURLToPath(new URL('../../../fixtures/fake-claude.mjs', import.meta.url))
export const id = (text: string) => text.padEnd(12, '0') as SessionId

/** Editors and pagers that this machine has. */
export const EDITORS = ['less', 'vi', 'nano'].filter((name) =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, name))),
)
/** What their processes may be called. */
export const EDITOR_NAMES = ['less', 'vi', 'vim', 'vim.basic', 'vim.tiny', 'nvi', 'nano']

/** A real tmux server with nothing in it. `programs` are those that stand for Claude. */
export async function openWorld({ patienceMs = 3_000, standsMs = 50, programs = ['docker'] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'terminal-'))
  const log = join(folder, 'log')
  const socketName = `rc-unit-${folder.slice(-6)}`
  const terminal = createTerminal({ socketName, prefix: 'rc', patienceMs, standsMs, programs })
  const tmux = createTmux(socketName)
  // What stands for Claude is known by the name of its process.
  symlinkSync(process.execPath, join(folder, 'docker'))
  const open = (name: string, argv: string[] = ['sleep', '60'], cwd = folder) =>
    terminal.openPane({ session: { id: id(name), name, workspace: cwd, gate: cwd }, argv, cwd })
  const shows = (name: string, text: string) =>
    expect.poll(() => terminal.capture(id(name)), { timeout: 5_000, interval: 20 }).toContain(text)
  return {
    folder,
    socketName,
    terminal,
    tmux,
    open,
    shows,
    openClaude: async (name: string, mode = 'idle') => {
      await open(name, [join(folder, 'docker'), FAKE, log, mode])
      await shows(name, '─────')
    },
    type: (name: string, text: string) => terminal.typeInto(id(name), text, { asCommand: false }),
    /** The prompts that were sent, oldest first. */
    sent: (): string[] =>
      existsSync(log)
        ? readFileSync(log, 'utf8')
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line))
        : [],
    async [Symbol.asyncDispose]() {
      const { text } = await tmux.run([['display-message', '-p', '#{socket_path}'], ['kill-server']])
      if (text !== '') rmSync(text.trim(), { force: true })
      rmSync(folder, { recursive: true })
    },
  }
}
