/** The real Claude Code for tests that run it on the host, fetched once into the cache. */
import { fetchClaude } from '../../bin/contract/claude-binary.ts'
import { ownPaths } from '../../setup/paths.ts'

/** Path of the native binary of that version. npm checks what it fetches. */
export async function claudeBinary(version: string): Promise<string> {
  return await fetchClaude(version, {
    cacheDir: ownPaths(process.env).cacheDir,
    env: process.env,
    onProgress: () => {},
  })
}
