/** The user's own git configuration as it applies to one repository, read by git file by file. */
import { realpath, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { type Setting, toPath, toSetting } from '../workspace/git-config.ts'
import { type IncludeFacts, isIncluded } from './include.ts'

/** Git's own bound for includes of includes. */
const DEPTH = 10

/** Of the user's variables, those that say where git's configuration is. */
const VARIABLES = ['PATH', 'XDG_CONFIG_HOME', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM']

type Place = {
  home: string
  env: Record<string, string | undefined>
  repository: Omit<IncludeFacts, 'homes'>
}

/**
 * System's and user's settings in git's order, includes resolved for `repository`, whose own configuration is not read.
 * Git is given one file at a time and no repository, so it obeys nothing of what it reads. Files that are missing or
 * that git cannot read are left out, as git does with the first kind.
 */
export async function readUserConfig({ home, env, repository }: Place): Promise<Setting[]> {
  const homes = [...new Set([home, await realpath(home).catch(() => home)])]
  const facts = { ...repository, homes }
  const variables = Object.fromEntries(VARIABLES.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))

  async function list(args: readonly string[]): Promise<{ file: string; setting: Setting }[]> {
    const done = await execa(
      'git',
      ['config', ...args, '--no-includes', '--show-origin', '--null', '--list'],
      {
        cwd: '/',
        // A folder above may be a repository: there is none where this points.
        env: { ...variables, HOME: home, GIT_DIR: '/nonexistent' },
        extendEnv: false,
        reject: false,
        // An include may lead into a workspace, where it may be of any size.
        timeout: 5000,
        killSignal: 'SIGKILL',
        maxBuffer: 4 * 1024 * 1024,
      },
    )
    return done.failed ? [] : parseList(done.stdout)
  }

  async function follow(entries: Awaited<ReturnType<typeof list>>, depth: number): Promise<Setting[]> {
    const found: Setting[] = []
    for (const { file, setting } of entries) {
      found.push(setting)
      const condition = /^include(?:if\.(.*))?\.path$/s.exec(setting.name)
      if (condition === null || depth >= DEPTH) continue
      const holds = condition[1] === undefined || isIncluded(condition[1], file, facts)
      if (!holds && !isIncluded(await throughLinks(condition[1] ?? '', home), file, facts)) continue
      const next = toPath(setting.value, home, dirname(file))
      if (await isFile(next)) found.push(...(await follow(await list(['--file', next]), depth + 1)))
    }
    return found
  }

  const global = variables['GIT_CONFIG_GLOBAL']
  const xdg = variables['XDG_CONFIG_HOME'] ?? join(home, '.config')
  const files = global === undefined ? [join(xdg, 'git/config'), join(home, '.gitconfig')] : [global]
  // Git leaves the system's out only where nobody names it.
  const hasSystem = !/^(1|true|yes|on)$/i.test(env['GIT_CONFIG_NOSYSTEM'] ?? '')
  const found = hasSystem ? await follow(await list(['--system']), 0) : []
  for (const file of files)
    if (await isFile(file)) found.push(...(await follow(await list(['--file', file]), 0)))
  return found
}

/** Origin, NUL, name, line feed, value, NUL. */
function parseList(text: string): { file: string; setting: Setting }[] {
  const fields = text.split('\0')
  const found: { file: string; setting: Setting }[] = []
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [origin = '', entry = ''] = fields.slice(at, at + 2)
    found.push({ file: origin.replace(/^file:/, ''), setting: toSetting(entry) })
  }
  return found
}

/** The condition about a folder with that folder's real path: people name the link by which they go to it. */
async function throughLinks(condition: string, home: string): Promise<string> {
  const [, kind, pattern = ''] = /^(gitdir(?:\/i)?:)((?:~?\/)[^*?[]*)$/s.exec(condition) ?? []
  if (kind === undefined) return ''
  const real = await realpath(toPath(pattern, home, '/')).catch(() => null)
  return real === null ? '' : `${kind}${real}${pattern.endsWith('/') ? '/' : ''}`
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}
