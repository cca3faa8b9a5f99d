/** Reads the settings that count in a box, and what of them the box can do. */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { lstat, readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { isIn } from '../places.ts'
import { type ForBox, forBox, inVain, type SettingsFacts } from './user-settings.ts'

/** Larger ones nobody writes, but a hostile project may. */
const MOST_BYTES = 1024 ** 2

/** What Claude keeps in its folder by itself: conversations, caches, logins. No hook's script is there. */
const CLAUDES_OWN = new Set(
  `projects history.jsonl sessions session-env todos tasks file-history shell-snapshots paste-cache plugins statsig
  telemetry debug ide backups cache settings.json settings.local.json`.split(/\s+/),
)

type Request = {
  text: string | null
  home: string
  claudeDir: string
  workspace: string
  isProxied: boolean
  lendsOwn: boolean
  /** Which of these names and paths the image has. */
  look(names: readonly string[]): Promise<ReadonlySet<string>>
}

/** The user's settings file; null when there is none. */
export async function readUserSettings(claudeDir: string): Promise<string | null> {
  return await readFile(join(claudeDir, 'settings.json'), 'utf8').catch(() => null)
}

/** Asks the image only where the settings name something. */
export async function fitSettings({
  text,
  home,
  claudeDir,
  workspace,
  look,
  ...given
}: Request): Promise<ForBox> {
  const named = new Set<string>()
  const facts = { ...given, home, claudeDir, workspace, file: (path: string) => lookAtFile(claudeDir, path) }
  const inWorkspace = (path: string) => isIn(path, workspace) && existsSync(path)
  forBox(text, { ...facts, has: (what) => inWorkspace(what) || named.add(what).size > 0 })
  const there = await look([...named])
  return forBox(text, {
    ...facts,
    has: (what) => inWorkspace(what) || there.has(what),
  } satisfies SettingsFacts)
}

/** What the project's settings say in vain; the project may be hostile, and its files may be anything. */
export async function readProjectSettings(workspace: string): Promise<string[]> {
  const said: string[] = []
  for (const name of ['.claude/settings.json', '.claude/settings.local.json']) {
    const path = join(workspace, name)
    const found = await lstat(path).catch(() => null)
    if (found === null || !found.isFile() || found.size > MOST_BYTES) continue
    if ((await realpath(path)) !== path) continue
    said.push(...inVain(name, await readFile(path, 'utf8').catch(() => null)))
  }
  return said
}

function lookAtFile(claudeDir: string, path: string): { interpreter: string | null } | null {
  const [top = ''] = path.split('/')
  if (top.startsWith('.') || CLAUDES_OWN.has(top)) return null
  try {
    const file = join(claudeDir, path)
    return statSync(file).isFile() ? { interpreter: interpreterOf(readHead(file)) } : null
  } catch {
    return null
  }
}

function readHead(file: string): string {
  const handle = openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(200)
    return bytes.toString('utf8', 0, readSync(handle, bytes, 0, bytes.length, 0))
  } finally {
    closeSync(handle)
  }
}

/** `#!/usr/bin/env python3` needs python3, `#!/bin/bash -e` needs /bin/bash. */
function interpreterOf(head: string): string | null {
  const [line = ''] = head.split('\n')
  if (!line.startsWith('#!')) return null
  const [program = '', ...args] = line.slice(2).trim().split(/\s+/)
  if (!program.endsWith('/env')) return program || null
  return args.find((word) => !word.startsWith('-') && !word.includes('=')) ?? null
}
