/** The image that sessions run: Debian, Node, npm, Claude Code, our entrypoint and relay. */
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { ensureBaseImage } from './base-image.ts'
import type { Engine } from './engine.ts'
import type { Progress } from './engine-output.ts'
import { hostCertificates } from './host-certificates.ts'
import { fetchArchive, unpack } from './npm-archive.ts'

/** The image as the configuration wants it. */
export type ImageRequest = {
  engine: Engine
  tag: string
  base: string
  claudeVersion: string
  /** Make everything anew, the base included. */
  refresh: boolean
  /** Folder of Dockerfile and entrypoint.sh. */
  imageDir: string
  relayPath: string
  cacheDir: string
  env: NodeJS.ProcessEnv
}

type Recipe = {
  hash: string
  texts: Record<'Dockerfile' | 'entrypoint.sh' | 'relay.cjs', string>
  certificates: string[]
}

const NODE_VERSION = '24.21.0'
const NPM_VERSION = '11.21.2'
const RECIPE_LABEL = 'remote-claude.recipe'

/** Whether the local image was built from exactly what is wanted now. Looks only. */
export async function imageIsCurrent(request: ImageRequest): Promise<boolean> {
  const [labels, { hash }] = await Promise.all([request.engine.imageLabels(request.tag), readRecipe(request)])
  return labels?.[RECIPE_LABEL] === hash
}

/** Builds the image under `tag`; the old one stays in use until the new one is whole. */
export async function buildImage(request: ImageRequest & { onProgress: Progress }): Promise<void> {
  const { engine, tag, claudeVersion, cacheDir, env, onProgress } = request
  const recipe = await readRecipe(request)
  const folder = join(cacheDir, 'npm')
  const platform = `linux-${process.arch}`
  const fetching = { folder, env, onProgress }
  const node = await fetchArchive({ name: `node-${platform}`, version: NODE_VERSION }, fetching)
  const npm = await fetchArchive({ name: 'npm', version: NPM_VERSION }, fetching)
  const claude = await fetchArchive(
    { name: `@anthropic-ai/claude-code-${platform}`, version: claudeVersion },
    fetching,
  )
  const base = await ensureBaseImage(request)

  const context = await mkdtemp(join(cacheDir, 'context-'))
  try {
    onProgress('Unpacking Node, npm and Claude Code')
    await Promise.all([
      unpack(node, join(context, 'bin'), 'bin/node'),
      unpack(claude, join(context, 'bin'), 'claude'),
      unpack(npm, join(context, 'npm')),
    ])
    await writeContext(context, recipe)
    const tar = execa('tar', ['-C', context, '--numeric-owner', '--owner=0', '--group=0', '-c', '.'], {
      buffer: false,
    })
    const image = { tag, labels: { [RECIPE_LABEL]: recipe.hash }, args: { BASE: base, ...proxies(env) } }
    await Promise.all([tar, engine.buildImage(tar.stdout, image, onProgress)])
  } finally {
    await rm(context, { recursive: true, force: true })
  }
}

async function writeContext(context: string, { texts, certificates }: Recipe): Promise<void> {
  await mkdir(join(context, 'ca'))
  await mkdir(join(context, 'lib'))
  await writeFile(join(context, 'Dockerfile'), texts.Dockerfile)
  await writeFile(join(context, 'lib/entrypoint.sh'), texts['entrypoint.sh'])
  await writeFile(join(context, 'lib/relay.cjs'), texts['relay.cjs'])
  // COPY fails on a folder that holds nothing.
  await writeFile(
    join(context, 'ca/README'),
    'Certificate authorities of the machine this image was built on.\n',
  )
  for (const [at, pem] of certificates.entries()) await writeFile(join(context, `ca/host-${at}.crt`), pem)
  await execa('chmod', ['-R', 'u=rwX,go=rX', context])
}

async function readRecipe({ imageDir, relayPath, base, claudeVersion }: ImageRequest): Promise<Recipe> {
  const [dockerfile, entrypoint, relay, certificates] = await Promise.all([
    readFile(join(imageDir, 'Dockerfile'), 'utf8'),
    readFile(join(imageDir, 'entrypoint.sh'), 'utf8'),
    readFile(relayPath, 'utf8'),
    hostCertificates(),
  ])
  const parts = [
    base,
    NODE_VERSION,
    NPM_VERSION,
    claudeVersion,
    dockerfile,
    entrypoint,
    relay,
    ...certificates,
  ]
  return {
    hash: createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32),
    texts: { Dockerfile: dockerfile, 'entrypoint.sh': entrypoint, 'relay.cjs': relay },
    certificates,
  }
}

/** Docker knows these arguments without an ARG and leaves them out of the image. */
function proxies(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy']
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
}
