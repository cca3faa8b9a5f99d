/** Installs packages with the system's own package manager: apt-get, or brew (which is untested). */
import { SetupError } from '../errors.ts'
import type { Machine, Ran } from '../machine.ts'

/** The command a person would type, for sentences; null where there is no package manager we know. */
export async function installCommand(machine: Machine, packages: readonly string[]): Promise<string | null> {
  const sudo = machine.uid === 0 ? '' : 'sudo '
  if (machine.platform === 'darwin')
    return (await machine.has('brew')) ? `brew install ${packages.join(' ')}` : null
  return (await machine.has('apt-get')) ? `${sudo}apt-get install ${packages.join(' ')}` : null
}

/** Installs them, or throws with the last lines of the package manager. */
export async function installPackages(machine: Machine, packages: readonly string[]): Promise<void> {
  if (machine.platform === 'darwin') {
    explain('brew', packages, await machine.run('brew', ['install', ...packages]))
    return
  }
  const lock = ['-o', 'DPkg::Lock::Timeout=300']
  const update = await machine.run('apt-get', ['-q', ...lock, 'update'], { asRoot: true })
  const known = await knownPackages(machine, packages)
  const install = ['-q', '-y', ...lock, 'install', '--no-install-recommends', ...known]
  const installed = await machine.run('apt-get', install, { asRoot: true })
  // A repository of the user's that does not answer fails the update, and need not matter to these packages.
  const output = update.code === 0 ? installed.output : `${update.output}\n${installed.output}`
  explain('apt-get', known, { ...installed, output })
}

/** Debian 13 and Ubuntu 24.04 moved the docker command into a package of its own, which older ones do not have. */
async function knownPackages(machine: Machine, packages: readonly string[]): Promise<string[]> {
  const shown = await Promise.all(
    packages.map((name) => machine.run('apt-cache', ['show', '--no-all-versions', name])),
  )
  return packages.filter((name, at) => name !== 'docker-cli' || shown[at]?.code === 0)
}

function explain(manager: string, packages: readonly string[], { code, output }: Ran): void {
  if (code === 0) return
  const lines = output
    .trim()
    .split('\n')
    .slice(-12)
    .map((line) => `    ${line}`)
  throw new SetupError(
    'install-failed',
    `${manager} could not install ${packages.join(', ')}:\n${lines.join('\n')}`,
    /sudo: .*password/.test(output)
      ? 'sudo wants a password: run rc in a terminal, or install these packages yourself.'
      : 'The lines above say why. Install them yourself, then run rc again.',
  )
}
