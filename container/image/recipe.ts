/** Everything of ours that shapes the image, and one word that changes with any of it. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hostCertificates } from './certificates.ts'

export const NODE_VERSION = '24.21.0'
export const NPM_VERSION = '11.21.2'

export const RECIPE_LABEL = 'remote-claude.recipe'
export const CONFIGURED_LABEL = 'remote-claude.configured'
/** Version of Claude Code that is in the image. */
export const CLAUDE_LABEL = 'remote-claude.claude'

export type Recipe = {
  hash: string
  texts: Record<'Dockerfile' | 'entrypoint.sh' | 'relay.cjs' | 'gate.cjs', string>
  /** Of the machine. Those the environment names are not in the hash: every shell could have others. */
  certificates: string[]
}

export async function readRecipe(places: {
  imageDir: string
  relayPath: string
  gatePath: string
}): Promise<Recipe> {
  const [dockerfile, entrypoint, relay, gate, certificates] = await Promise.all([
    readFile(join(places.imageDir, 'Dockerfile'), 'utf8'),
    readFile(join(places.imageDir, 'entrypoint.sh'), 'utf8'),
    readFile(places.relayPath, 'utf8'),
    readFile(places.gatePath, 'utf8'),
    hostCertificates(),
  ])
  const parts = [NODE_VERSION, NPM_VERSION, dockerfile, entrypoint, relay, gate, ...certificates]
  return {
    hash: createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32),
    texts: { Dockerfile: dockerfile, 'entrypoint.sh': entrypoint, 'relay.cjs': relay, 'gate.cjs': gate },
    certificates,
  }
}
