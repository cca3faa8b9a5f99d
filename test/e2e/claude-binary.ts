/** The real Claude Code for tests that run it on the host, fetched once into the cache. */
import { fetchClaude } from '../../bin/doctor/claude/claude-binary.ts'
import { TESTED_VERSIONS } from '../../hooks/versions.ts'
import { ownPaths } from '../../setup/paths.ts'

/** The versions that stories run with: what is true of both ends of the tested ones is taken to be true between. */
export const NEWEST = TESTED_VERSIONS.at(-1) as string
export const OLDEST = TESTED_VERSIONS[0] as string

/** Path of the native binary of that version. npm checks what it fetches. */
export async function claudeBinary(version: string): Promise<string> {
  return await fetchClaude(version, {
    cacheDir: ownPaths(process.env).cacheDir,
    env: process.env,
    onProgress: () => {},
  })
}
