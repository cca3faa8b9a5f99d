/** The real Claude Code for tests that run it on the host, fetched once into the cache. */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'

const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'remote-claude/claude')

/** Path of the native binary of that version. npm checks what it fetches. */
export async function claudeBinary(version: string): Promise<string> {
  const binary = join(CACHE, version, 'claude')
  if (existsSync(binary)) return binary
  await mkdir(CACHE, { recursive: true })
  const draft = await mkdtemp(join(CACHE, 'draft-'))
  const name = `@anthropic-ai/claude-code-linux-${process.arch}@${version}`
  const { stdout } = await execa('npm', ['pack', '--silent', name], { cwd: draft })
  await execa('tar', ['-xzf', stdout.trim(), '--strip-components=1'], { cwd: draft })
  await rm(join(draft, stdout.trim()))
  await rename(draft, dirname(binary)).catch(() => rm(draft, { recursive: true }))
  return binary
}
