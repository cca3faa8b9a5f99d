/** What the host's git would obey or run later, when a person works in the same folder. */
import { execFile } from 'node:child_process'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Attempt, Facts } from './attempt.ts'
import { inGroup, writable } from './file-deeds.ts'

const run = promisify(execFile)

export function gitAttempts({ workspace }: Facts): Attempt[] {
  const attempt = inGroup('what git on the host obeys')
  const git = join(workspace, '.git')
  const program = join(workspace, 'program')
  return [
    attempt('git-move', 'moving .git away, for another one', () => rename(git, `${git}-old`)),
    attempt('git-config-write', 'writing .git/config', () => writable(join(git, 'config'))),
    attempt('git-config-replace', 'another file in the place of .git/config', async () => {
      await writeFile(join(git, 'config.new'), '')
      await rename(join(git, 'config.new'), join(git, 'config'))
    }),
    attempt('git-config-fsmonitor', 'git config core.fsmonitor', () =>
      config(workspace, 'core.fsmonitor', program),
    ),
    attempt('git-config-hooks', 'git config core.hooksPath', () =>
      config(workspace, 'core.hooksPath', workspace),
    ),
    attempt('git-config-alias', 'git config alias.status', () =>
      config(workspace, 'alias.status', `!${program}`),
    ),
    attempt('git-hook-create', 'a new hook', () =>
      writeFile(join(git, 'hooks/post-checkout'), '#!/bin/sh\n'),
    ),
    attempt('git-hooks-move', 'moving .git/hooks away', () =>
      rename(join(git, 'hooks'), join(git, 'hooks-old')),
    ),
    attempt('git-worktrees-gitdir', "changing a worktree's gitdir", () =>
      writable(join(git, 'worktrees/beside/gitdir')),
    ),
    attempt('git-worktrees-commondir', "changing a worktree's commondir", () =>
      writable(join(git, 'worktrees/beside/commondir')),
    ),
    attempt('claude-settings', "hooks in the project's Claude settings", () =>
      writable(join(workspace, '.claude/settings.json')),
    ),
    attempt('claude-move', "moving the project's Claude settings away", () =>
      rename(join(workspace, '.claude'), join(workspace, '.claude-old')),
    ),
    attempt('claude-mcp', "servers in the project's .mcp.json", () => writable(join(workspace, '.mcp.json'))),
  ]
}

async function config(workspace: string, key: string, value: string): Promise<string> {
  try {
    await run('git', ['-C', workspace, 'config', key, value])
    return `${key} is set`
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string }
    // git replaces the file by renaming, over a mount point: "error: could not write config file …: Device or resource busy".
    const code = /could not (write|lock) config file/.test(stderr) ? 'EBUSY' : undefined
    throw Object.assign(new Error(stderr.trim().split('\n')[0] || message), { code })
  }
}
