/**
 * The image ours is built on:
 *
 *   already here -> that one
 *   a registry answers -> pulled
 *   otherwise -> a tree that debootstrap makes from this machine's own mirror, imported
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Engine } from '../docker/engine.ts'
import type { Progress } from '../docker/progress.ts'
import { ContainerError } from '../errors.ts'
import { findMirror, type Mirror } from './apt-sources.ts'
import { withBuildFolder } from './build-folder.ts'

type BaseRequest = {
  engine: Engine
  /** What is wanted, such as `debian:bookworm-slim`. */
  base: string
  /** Nothing else will do: the person named it for this build. */
  exactly: boolean
  /** Fetch or make it again though it is here. */
  refresh: boolean
  cacheDir: string
  onProgress: Progress
}

/** A registry that says nothing for so long is treated as absent. */
const REGISTRY_PATIENCE_MS = 15_000

/** Left out of the import: caches, documentation, device nodes. 219 MB become 90 (Debian 12). */
const LEFT_OUT = [
  './var/cache/apt/archives/*.deb',
  './var/cache/apt/*.bin',
  './var/lib/apt/lists/*',
  './usr/share/man/*',
  './usr/share/locale/*',
  './usr/share/doc/*',
  './dev/*',
  './proc/*',
  './sys/*',
  './var/log/*',
]

const SLIM_DPKG = ['doc', 'man', 'locale', 'info'].map((kind) => `path-exclude /usr/share/${kind}/*`)
const SLIM_APT = 'APT::Install-Recommends "0";\nAPT::Keep-Downloaded-Packages "0";\n'

/** Gives the name of a local image to build on. Throws `debootstrap-missing`, `debootstrap-needs-root`, `no-base-image`. */
export async function ensureBaseImage(request: BaseRequest): Promise<string> {
  const { engine, base, exactly, refresh, onProgress } = request
  const isHere = async (tag: string) => !refresh && (await engine.findImage(tag)) !== null
  if (await isHere(base)) return base
  const codename = exactly ? null : await hostCodename()
  const made = codename === null ? null : `remote-claude-base:${codename}`
  if (made !== null && (await isHere(made))) return made
  try {
    await pull(request)
    return base
  } catch (error) {
    if ((await engine.findImage(base)) !== null) {
      onProgress(`${base} cannot be pulled, so the one that is here is used`)
      return base
    }
    const mirror = codename === null ? null : await findMirror(codename)
    if (codename === null || made === null || mirror === null) throw noBase(exactly, error)
    onProgress(`${base} cannot be pulled, so a base is made from this machine's own mirror (${codename})`)
    await bootstrap(request, codename, mirror, made)
    return made
  }
}

async function pull({ engine, base, onProgress }: BaseRequest): Promise<void> {
  onProgress(`Pulling ${base}`)
  const silence = new AbortController()
  const timer = setTimeout(() => silence.abort(), REGISTRY_PATIENCE_MS)
  try {
    await engine.pullImage(base, {
      signal: silence.signal,
      onProgress: (line) => {
        timer.refresh()
        onProgress(line)
      },
    })
  } finally {
    clearTimeout(timer)
  }
}

async function bootstrap(
  { engine, base, cacheDir, onProgress }: BaseRequest,
  codename: string,
  mirror: Mirror,
  tag: string,
): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new ContainerError(
      'debootstrap-needs-root',
      `${base} cannot be pulled, and making a base image without a registry needs root.`,
      'Make the registry reachable, or run `sudo rc build` once: every user of this engine shares the image.',
    )
  }
  // Not in /tmp: that may be mounted so that device nodes cannot be made.
  await withBuildFolder(cacheDir, async (tree) => {
    await fillTree(tree, codename, mirror, onProgress)
    const tar = execa(
      'tar',
      ['-C', tree, '--numeric-owner', ...LEFT_OUT.map((path) => `--exclude=${path}`), '-c', '.'],
      { buffer: false },
    )
    onProgress(`Importing ${tag}`)
    await Promise.all([tar, engine.importImage(tar.stdout, tag, ['CMD ["bash"]'])])
  })
}

async function fillTree(tree: string, codename: string, mirror: Mirror, onProgress: Progress): Promise<void> {
  const { uri, components, keyring, securityUri } = mirror
  const args = ['--variant=minbase', '--include=ca-certificates', `--components=${components.join(',')}`]
  if (keyring !== null) args.push(`--keyring=${keyring}`)
  const making = execa('debootstrap', ['--force-check-gpg', ...args, codename, tree, uri], {
    all: true,
    reject: false,
  })
  for await (const line of making.iterable({ from: 'all' })) onProgress(line)
  const made = await making
  if (made.code === 'ENOENT') {
    throw new ContainerError(
      'debootstrap-missing',
      'No registry answers, and debootstrap, which can make a base image without one, is not installed.',
      'Install debootstrap, or make the registry reachable.',
    )
  }
  if (made.failed) {
    const tail = (made.all ?? made.shortMessage).split('\n').slice(-20).join('\n')
    throw new ContainerError(
      'debootstrap-failed',
      `debootstrap could not make a base image of ${codename}:\n\n${tail}`,
      'The last lines say what is wrong. Try `rc build` again when the mirror can be reached.',
    )
  }
  const parts = components.join(' ')
  // debootstrap writes the main suite only.
  const sources = [`deb ${uri} ${codename} ${parts}`, `deb ${uri} ${codename}-updates ${parts}`]
  if (securityUri !== null) sources.push(`deb ${securityUri} ${codename}-security ${parts}`)
  await writeFile(join(tree, 'etc/apt/sources.list'), `${sources.join('\n')}\n`)
  await writeFile(join(tree, 'etc/dpkg/dpkg.cfg.d/slim'), `${SLIM_DPKG.join('\n')}\n`)
  await writeFile(join(tree, 'etc/apt/apt.conf.d/slim'), SLIM_APT)
}

async function hostCodename(): Promise<string | null> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '')
  return /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(text)?.[1] ?? null
}

function noBase(exactly: boolean, cause: unknown): ContainerError {
  const { message } = cause as Error
  return new ContainerError(
    'no-base-image',
    exactly ? message : `${message} And this machine names no mirror to make a base image from.`,
    'Make the registry reachable, or name a Debian or Ubuntu image that this engine has (docker.base_image, rc build --base).',
    { cause },
  )
}
