/**
 * Compiles everything that runs into dist/: a small CommonJS entry that starts fast, the commands as modules that are
 * loaded when needed, the responder and each hook script as one file each.
 *
 * The responder runs on while dist/ is built again, so it may load nothing later: that is why it is one file. The
 * commands live for seconds; their chunks carry hashes and the old ones stay for a day.
 */
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import { buildHookScripts } from './hook-scripts.ts'
import { lightDockerode } from './light-dockerode.ts'
import { root, shared } from './shared.ts'

const dist = join(root, 'dist')
const DAY_MS = 24 * 60 * 60 * 1000

// Packages in CommonJS ask for Node's modules with require, which a module does not have.
const modules = {
  ...shared,
  format: 'esm',
  banner: {
    js: "import { createRequire as toRequire } from 'node:module'; const require = toRequire(import.meta.url);",
  },
} satisfies BuildOptions

/** Programs that run somewhere else than here, each one file. */
const PROGRAMS = { 'escape.cjs': 'bin/doctor/box/hostile/main.ts', 'install.cjs': 'hooks/install/main.ts' }

/** Builds beside dist/ and then moves file by file, so that nobody ever starts half a program. */
async function buildAll(): Promise<void> {
  const started = new Date()
  await mkdir(dist, { recursive: true })
  const next = await mkdtemp(join(dist, 'next-'))
  try {
    const define = { 'process.env.RC_VERSION': JSON.stringify(await readVersion()) }
    await Promise.all([
      buildEntry(next, define),
      buildCommands(next, define),
      buildResponder(next, define),
      buildHookScripts({ outdir: join(next, 'hooks') }),
      build({
        ...shared,
        entryPoints: ['container/image/relay.ts', 'container/image/gate.ts'],
        outdir: next,
        outExtension: { '.js': '.cjs' },
        format: 'cjs',
      }),
      ...Object.entries(PROGRAMS).map(([outfile, entry]) =>
        build({ ...shared, entryPoints: [entry], outfile: join(next, outfile), format: 'cjs' }),
      ),
      copyData(next),
    ])
    await moveInto(next, dist)
    await writeStamp(started)
    await removeOldChunks()
    await rm(join(dist, 'cache'), { recursive: true, force: true })
  } finally {
    await rm(next, { recursive: true, force: true })
  }
}

async function readVersion(): Promise<string> {
  return JSON.parse(await readFile(join(root, 'package.json'), 'utf8')).version
}

async function buildEntry(out: string, define: Record<string, string>): Promise<void> {
  await build({
    ...shared,
    define,
    entryPoints: ['bin/rc.ts'],
    outfile: join(out, 'rc.cjs'),
    format: 'cjs',
    plugins: [leaveOut('./main.ts', './lib/main.js')],
  })
}

async function buildCommands(out: string, define: Record<string, string>): Promise<void> {
  await build({
    ...modules,
    define,
    entryPoints: ['bin/main.ts'],
    outdir: join(out, 'lib'),
    splitting: true,
    chunkNames: '[name]-[hash]',
    plugins: [leaveOut('./serve.ts', './serve.js'), lightDockerode],
  })
}

async function buildResponder(out: string, define: Record<string, string>): Promise<void> {
  await build({
    ...modules,
    define,
    entryPoints: ['bin/commands/serve.ts'],
    outfile: join(out, 'lib/serve.js'),
    plugins: [lightDockerode],
  })
}

async function copyData(out: string): Promise<void> {
  await cp(join(root, 'container/terminal/pane.sh'), join(out, 'pane.sh'))
  for (const name of ['Dockerfile', 'entrypoint.sh']) {
    await cp(join(root, 'container/image', name), join(out, 'image', name))
  }
}

async function moveInto(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const source = join(entry.parentPath, entry.name)
    const target = join(to, relative(from, source))
    await mkdir(dirname(target), { recursive: true })
    await rename(source, target)
  }
}

/** The last file: bin/rc compares the sources' age with it and starts the Node named in it. */
async function writeStamp(started: Date): Promise<void> {
  const stamp = join(dist, 'stamp')
  await writeFile(`${stamp}.next`, `${process.execPath}\n`)
  await utimes(`${stamp}.next`, started, started)
  await rename(`${stamp}.next`, stamp)
}

async function removeOldChunks(): Promise<void> {
  for (const name of await readdir(join(dist, 'lib'))) {
    const path = join(dist, 'lib', name)
    if ((await stat(path)).mtimeMs < Date.now() - DAY_MS) await rm(path)
  }
}

/** Leaves a lazily imported file out of a bundle; it is found beside the bundle under its compiled name. */
function leaveOut(source: string, compiled: string): Plugin {
  return {
    name: 'leave-out',
    setup({ onResolve }) {
      onResolve({ filter: /\.ts$/ }, ({ path, kind }) =>
        path === source && kind === 'dynamic-import' ? { path: compiled, external: true } : undefined,
      )
    },
  }
}

await buildAll()
