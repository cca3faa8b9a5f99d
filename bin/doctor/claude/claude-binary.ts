/** The native Claude Code of a version, fetched once into the cache. */
import { existsSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { withBuildFolder } from '../../../container/image/build-folder.ts'
import { fetchArchive, unpack } from '../../../container/image/npm-archive.ts'

type Places = { cacheDir: string; env: NodeJS.ProcessEnv; onProgress: (line: string) => void }

/** Path of the binary of an exact version. npm checks what it fetches. Throws `download-failed`. */
export async function fetchClaude(version: string, { cacheDir, env, onProgress }: Places): Promise<string> {
  const folder = join(cacheDir, 'claude')
  const binary = join(folder, version, 'claude')
  if (existsSync(binary)) return binary
  const name = `@anthropic-ai/claude-code-linux-${process.arch}`
  const archive = await fetchArchive({ name, version }, { folder: join(cacheDir, 'npm'), env, onProgress })
  await mkdir(folder, { recursive: true })
  await withBuildFolder(folder, async (draft) => {
    await unpack(archive, join(draft, version), 'claude')
    // Another run may have been quicker.
    await rename(join(draft, version), join(folder, version)).catch((error) => {
      if (!existsSync(binary)) throw error
    })
  })
  return binary
}
