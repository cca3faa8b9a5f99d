/**
 * Compiles everything that runs into dist/: one small CommonJS entry that starts fast, the commands as modules loaded
 * when needed, each hook script as one file without dependencies.
 */
import { cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  jsx: 'automatic',
  jsxImportSource: 'hono/jsx',
  legalComments: 'none',
  logLevel: 'warning',
} satisfies BuildOptions

/** Builds beside dist/ and then moves file by file, so that nobody ever starts half a program. */
async function buildAll(): Promise<void> {
  const next = await mkdtemp(join(root, 'dist.'))
  try {
    await Promise.all([buildEntry(next), buildCommands(next), buildHooks(next), buildRelay(next), copyData(next)])
    await moveInto(next, dist)
    // The stamp comes last: bin/rc compares the sources with it and starts Node from the path in it.
    await writeFile(join(dist, 'built'), `${process.execPath}\n`)
  } finally {
    await rm(next, { recursive: true, force: true })
  }
}

async function buildEntry(out: string): Promise<void> {
  await build({
    ...shared,
    entryPoints: ['bin/rc.ts'],
    outfile: join(out, 'rc.cjs'),
    format: 'cjs',
    external: ['./main.js'],
  })
}

async function buildCommands(out: string): Promise<void> {
  await build({
    ...shared,
    entryPoints: ['bin/main.ts'],
    outdir: out,
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    // ssh2 reaches for native modules that are optional at run time.
    external: ['cpu-features', '*.node'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  })
}

async function buildHooks(out: string): Promise<void> {
  const scripts = (await readdir(join(root, 'hooks'))).filter((name) => name.endsWith('.ts'))
  const result = await build({
    ...shared,
    entryPoints: scripts.filter((name) => !LIBRARY.has(name)).map((name) => `hooks/${name}`),
    outdir: join(out, 'hooks'),
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    metafile: true,
  })
  const foreign = Object.keys(result.metafile.inputs).filter((path) => path.includes('node_modules'))
  if (foreign.length > 0) throw new Error(`a hook script may only use Node's own modules, not ${foreign.join(', ')}`)
}

/** Files in hooks/ that are no scripts. */
const LIBRARY = new Set(['client.ts', 'settings.ts', 'options.ts', 'default-rules.ts', 'install.ts'])

async function buildRelay(out: string): Promise<void> {
  await build({ ...shared, entryPoints: ['container/image/relay.ts'], outfile: join(out, 'relay.cjs'), format: 'cjs' })
}

async function copyData(out: string): Promise<void> {
  await cp(join(root, 'container/pane.sh'), join(out, 'pane.sh'))
  for (const name of ['Dockerfile', 'entrypoint.sh']) {
    await cp(join(root, 'container/image', name), join(out, 'image', name))
  }
}

/** Old chunks stay: a responder that runs since before the build may still load them. */
async function moveInto(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const source = join(entry.parentPath, entry.name)
    const target = join(to, relative(from, source))
    await mkdir(dirname(target), { recursive: true })
    await rename(source, target)
  }
}

await buildAll()
