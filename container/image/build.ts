/** The image that sessions run: Debian, Node, npm, Claude Code, our entrypoint, relay and gate program. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Engine } from '../docker/engine.ts'
import type { Progress } from '../docker/progress.ts'
import { ensureBaseImage } from './base.ts'
import { removeBuildFolders, withBuildFolder } from './build-folder.ts'
import { namedCertificates, withoutRepetitions } from './certificates.ts'
import { fetchArchive, unpack } from './npm-archive.ts'
import {
  CLAUDE_LABEL,
  CONFIGURED_LABEL,
  NODE_VERSION,
  NPM_VERSION,
  RECIPE_LABEL,
  type Recipe,
  readRecipe,
} from './recipe.ts'

/** The image as the configuration wants it. */
export type ImageRequest = {
  engine: Engine
  tag: string
  base: string
  claudeVersion: string
  /** Wanted for this build instead; the image stays until the configuration or this program changes. */
  chosen?: { base?: string; claudeVersion?: string }
  /** Make everything again, the base included. */
  refresh: boolean
  /** Folder of Dockerfile and entrypoint.sh. */
  imageDir: string
  relayPath: string
  gatePath: string
  cacheDir: string
  env: NodeJS.ProcessEnv
}

/** Whether the local image is still the one to use. Looks only. */
export async function imageIsCurrent(request: ImageRequest): Promise<boolean> {
  const [image, { hash }] = await Promise.all([request.engine.findImage(request.tag), readRecipe(request)])
  return image?.labels[RECIPE_LABEL] === hash && image.labels[CONFIGURED_LABEL] === configured(request)
}

/** Version of Claude Code that sessions run: the image's, or the one it would be built with. */
export async function imageClaudeVersion({ engine, tag, claudeVersion }: ImageRequest): Promise<string> {
  return (await engine.findImage(tag))?.labels[CLAUDE_LABEL] ?? claudeVersion
}

/** Builds the image under `tag`; the old one stays in use until the new one is whole. */
export async function buildImage(request: ImageRequest & { onProgress: Progress }): Promise<void> {
  const { engine, tag, chosen = {}, refresh, cacheDir, env, onProgress } = request
  const folder = join(cacheDir, 'npm')
  await Promise.all([removeBuildFolders(cacheDir), removeBuildFolders(folder)])
  const recipe = await readRecipe(request)
  const platform = `linux-${process.arch}`
  const fetching = { folder, env, onProgress }
  const node = await fetchArchive({ name: `node-${platform}`, version: NODE_VERSION }, fetching)
  const npm = await fetchArchive({ name: 'npm', version: NPM_VERSION }, fetching)
  const version = chosen.claudeVersion ?? request.claudeVersion
  const claude = await fetchArchive({ name: `@anthropic-ai/claude-code-${platform}`, version }, fetching)
  const wanted = { base: chosen.base ?? request.base, exactly: chosen.base !== undefined }
  const base = await ensureBaseImage({ engine, ...wanted, refresh, cacheDir, onProgress })
  onProgress(`Building ${tag} with Claude Code ${version} on ${base}`)

  const before = await engine.findImage(tag)
  await withBuildFolder(cacheDir, async (context) => {
    await Promise.all([
      unpack(node, join(context, 'bin'), 'bin/node'),
      unpack(claude, join(context, 'bin'), 'claude'),
      unpack(npm, join(context, 'npm')),
    ])
    await writeContext(context, recipe, await namedCertificates(env))
    const tar = execa('tar', ['-C', context, '--numeric-owner', '--owner=0', '--group=0', '-c', '.'], {
      buffer: false,
    })
    const labels = {
      [RECIPE_LABEL]: recipe.hash,
      [CONFIGURED_LABEL]: configured(request),
      [CLAUDE_LABEL]: version,
    }
    const image = { tag, labels, args: { BASE: base, ...proxies(env) }, refresh }
    await Promise.all([tar, engine.buildImage(tar.stdout, image, onProgress)])
  })
  if (before !== null) await removeUnlessNamed(engine, before.id)
}

/** An image takes most of a gigabyte, and one that lost its name to its successor is of no use to anybody. */
async function removeUnlessNamed(engine: Engine, id: string): Promise<void> {
  const left = await engine.findImage(id)
  if (left?.tags.length === 0) await engine.removeImage(id)
}

async function writeContext(
  context: string,
  { texts, certificates }: Recipe,
  named: string[],
): Promise<void> {
  await mkdir(join(context, 'ca'))
  await mkdir(join(context, 'lib'))
  await writeFile(join(context, 'Dockerfile'), texts.Dockerfile)
  await writeFile(join(context, 'lib/entrypoint.sh'), texts['entrypoint.sh'])
  await writeFile(join(context, 'lib/relay.cjs'), texts['relay.cjs'])
  await writeFile(join(context, 'lib/gate.cjs'), texts['gate.cjs'])
  // COPY fails on a folder that holds nothing.
  await writeFile(
    join(context, 'ca/README'),
    'Certificate authorities of the machine this image was built on.\n',
  )
  for (const [at, pem] of withoutRepetitions([...certificates, ...named]).entries())
    await writeFile(join(context, `ca/host-${at}.crt`), `${pem}\n`)
  await execa('chmod', ['-R', 'u=rwX,go=rX', context])
}

/** What the configuration said when the image was built. Not part of the recipe: `rc build` may be told otherwise. */
function configured({ base, claudeVersion }: ImageRequest): string {
  return `${base} ${claudeVersion}`
}

/** Docker knows these arguments without an ARG and leaves them out of the image. */
function proxies(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy']
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
}
