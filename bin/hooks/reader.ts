/** Which Claude Code of this machine will read a settings file: what it knows decides what is written. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { execa } from 'execa'
import { compareVersions } from '../../hooks/versions.ts'
import type { House } from '../house/house.ts'

const TIMEOUT_MS = 10_000

/** Those on the PATH and where Claude Code's own installers put it, asked for their version; the oldest one first. */
export async function findClaudes({ env, paths }: House): Promise<{ program: string; version: string }[]> {
  const folders = [
    ...(env['PATH'] ?? '').split(delimiter).filter(Boolean),
    join(paths.home, '.local/bin'),
    join(paths.claudeDir, 'local'),
  ]
  const programs = [...new Set(folders.map((folder) => join(folder, 'claude')))].filter((one) =>
    existsSync(one),
  )
  const found = await Promise.all(
    programs.map(async (program) => {
      const { stdout = '' } = await execa(program, ['--version'], { env, timeout: TIMEOUT_MS, reject: false })
      const version = /^\d+\.\d+\.\d+/.exec(stdout)?.[0]
      return version === undefined ? [] : [{ program, version }]
    }),
  )
  return found.flat().sort((one, other) => compareVersions(one.version, other.version))
}
