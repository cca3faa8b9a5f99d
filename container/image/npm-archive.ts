/** Programs that come as npm packages, fetched with the host's own npm and so from the registry it is set up for. */
import { mkdir, readdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Progress } from '../docker/progress.ts'
import { ContainerError } from '../errors.ts'
import { withBuildFolder } from './build-folder.ts'

/** Gives the path of the package's archive in `folder`, fetching it when it is not there. Throws `download-failed`. */
export async function fetchArchive(
  spec: { name: string; version: string },
  { folder, env, onProgress }: { folder: string; env: NodeJS.ProcessEnv; onProgress: Progress },
): Promise<string> {
  const archive = join(folder, `${spec.name.replace(/^@/, '').replace('/', '-')}-${spec.version}.tgz`)
  if (await stat(archive).catch(() => null)) return archive
  // npm writes the archive as it arrives; half of one must never be taken for a whole.
  await withBuildFolder(folder, async (arriving) => {
    const name = `${spec.name}@${spec.version}`
    onProgress(`Fetching ${name}`)
    const packed = await execa('npm', ['pack', name, '--loglevel=error', '--pack-destination', arriving], {
      cwd: arriving,
      env,
      extendEnv: false,
      reject: false,
    })
    const [file] = packed.failed ? [] : await readdir(arriving)
    if (file === undefined)
      throw downloadFailed(name, packed.stderr || packed.shortMessage || 'npm gave no file')
    await rename(join(arriving, file), archive)
  })
  return archive
}

/** Unpacks one path of an npm archive, without the `package/` that everything in it is under. */
export async function unpack(archive: string, target: string, path = ''): Promise<void> {
  await mkdir(target, { recursive: true })
  const strip = path.split('/').length
  await execa('tar', [
    '-C',
    target,
    '--no-same-owner',
    `--strip-components=${strip}`,
    '-xzf',
    archive,
    `package${path && `/${path}`}`,
  ])
}

function downloadFailed(name: string, output: string): ContainerError {
  const lines = output.trim().split('\n')
  // npm ends with where its log is, and that log is of no more use.
  const reason = lines.filter((line) => !/A complete log|_logs|^npm error\s*$/.test(line)).slice(0, 5)
  return new ContainerError(
    'download-failed',
    `npm could not fetch ${name}:\n${reason.join('\n')}`,
    'Check the network and `npm config get registry`. Is the version one that exists?',
  )
}
