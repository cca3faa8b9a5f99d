/**
 * What of the host's git and ssh comes along into a session, and what git there cannot do. The user's configuration is
 * resolved here, for the remotes of this repository: its own is read as text and never obeyed on the host.
 */

import { readFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { decide, parseAllowlist } from '../egress/allowlist.ts'
import { listIdentities } from '../keys/agent.ts'
import type { NetworkMode, SshMode } from '../options.ts'
import { INSIDE, isIn } from '../places.ts'
import { readSmall } from '../workspace/files.ts'
import { lastValue, type Setting, toPath } from '../workspace/git-config.ts'
import { readSettings } from '../workspace/read-settings.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { carrySettings } from './carried.ts'
import { formatSettings } from './format.ts'
import { type GitFacts, tellClaude, tellUser } from './limits.ts'
import { readPublicHalf } from './public-half.ts'
import { findRemotes, remoteUrls } from './remotes.ts'
import { decideSigning } from './signing.ts'
import { type PublicHalves, placeHalf, readRemotes } from './ssh-remotes.ts'
import { readUserConfig } from './user-config.ts'

export type GitRequest = {
  workspace: Workspace
  /** The user's home folder and variables. */
  home: string
  env: Record<string, string | undefined>
  /** `credentials.git`: whether the user's configuration comes along. */
  takesConfig: boolean
  ssh: SshMode
  /** Socket of the user's ssh-agent; null where the session gets no way to it. */
  agent: string | null
  /** How the session's network is shut, as its labels say. */
  network: { mode: NetworkMode; allow: string[]; ask: boolean; only: string[] | null }
  allowedDomains: readonly string[]
}

export type SessionGit = {
  /** Settings for the session's ~/.gitconfig. */
  config: string
  /** Further files of its home, by their paths in it. */
  files: Record<string, string>
  /** Settings that have to be stronger than the repository's own. */
  overrides: Setting[]
  /** What a person should know. */
  notices: string[]
  /** The same for Claude, Markdown; empty without git. */
  forClaude: string
}

/** What `git lfs install --system` of git-lfs 3.3 sets: without it git commits files in the place of their pointers. */
const LFS: Setting[] = [
  { name: 'filter.lfs.clean', value: 'git-lfs clean -- %f' },
  { name: 'filter.lfs.smudge', value: 'git-lfs smudge -- %f' },
  { name: 'filter.lfs.process', value: 'git-lfs filter-process' },
  { name: 'filter.lfs.required', value: 'true' },
]

/** Reads only. Never rejects for what is missing or unreadable. */
export async function readSessionGit(request: GitRequest): Promise<SessionGit> {
  const { workspace, home, env, takesConfig, ssh, agent } = request
  const { git } = workspace.repository
  const own = git === null ? null : join(git.common, 'config')
  const read = await readSettings((own === null ? null : await readSmall(own)) ?? '')
  const local = read.settings ?? []
  const head = git === null ? null : await readSmall(join(git.own, 'HEAD'))
  const user = takesConfig
    ? await readUserConfig({
        home,
        env,
        repository: {
          gitFolders: git === null ? [] : [git.own],
          branch: /^ref: refs\/heads\/(.+)$/m.exec(head ?? '')?.[1] ?? null,
          urls: remoteUrls(local),
        },
      })
    : []
  const settings = [...user, ...local]
  const { carried, secret } = carrySettings(user)
  const files: Record<string, string> = takesConfig ? await readOwnFiles(user, request) : {}

  const halves: PublicHalves = new Map()
  const held = agent === null ? null : await heldKeys(agent)
  const named = lastValue(settings, 'user.signingkey')
  const half = named === null ? null : await readPublicHalf(toPath(named, home, home))
  const key =
    half === null || ssh === 'none'
      ? null
      : { text: half.text, file: `${INSIDE.home}/.ssh/${placeHalf(halves, half)}` }
  const signing = decideSigning({ settings, hasKeys: ssh !== 'none', key, held })
  const reached = await readRemotes(findRemotes(local, settings), halves, {
    home,
    env,
    ssh,
    held,
    sshCommand: env['GIT_SSH_COMMAND'] ?? lastValue(settings, 'core.sshcommand'),
    isAllowed: toIsAllowed(request),
  })
  for (const [name, text] of halves) files[`.ssh/${name}`] = `${text}\n`
  if (reached.config !== '') files['.ssh/config'] = reached.config
  const facts: GitFacts = {
    config: own ?? '',
    unread: read.settings === null ? read.why : null,
    hasSubmodules: (await readSmall(join(workspace.path, '.gitmodules'))) !== null,
    lfs: git === null ? null : await readLfs(workspace.path, git.common),
    unsigned: signing.unsigned,
    outside: git === null ? [] : findOutside(local, git.common, request),
    secret,
    remotes: reached.remotes,
  }
  return {
    config: formatSettings([...carried, ...(takesConfig ? signing.settings : []), ...LFS]),
    files,
    overrides: [
      ...signing.settings.filter(({ name }) => local.some((own) => own.name === name)),
      // It names keys and programs of the host; what it chooses is in ~/.ssh/config.
      ...(lastValue(local, 'core.sshcommand') === null ? [] : [{ name: 'core.sshcommand', value: 'ssh' }]),
    ],
    notices: git === null ? [] : tellUser(facts),
    forClaude: git === null ? '' : tellClaude(facts),
  }
}

/** The user's own list of ignored files and attributes, where git looks for them by itself, and who may sign. */
async function readOwnFiles(
  user: readonly Setting[],
  { home, env }: GitRequest,
): Promise<Record<string, string>> {
  const folder = env['XDG_CONFIG_HOME'] || join(home, '.config')
  const found: Record<string, string> = {}
  for (const [key, name] of [
    ['core.excludesfile', 'ignore'],
    ['core.attributesfile', 'attributes'],
  ] as const) {
    const path = lastValue(user, key)
    const text = await readLinked(path === null ? join(folder, 'git', name) : toPath(path, home, home))
    if (text !== null) found[`.config/git/${name}`] = text
  }
  return found
}

/** Whatever links lead to it: people keep such files elsewhere. */
async function readLinked(path: string): Promise<string | null> {
  const text = await readFile(path, 'utf8').catch(() => null)
  return text !== null && text.length <= 1024 * 1024 ? text : null
}

async function heldKeys(agent: string): Promise<string[] | null> {
  const identities = await listIdentities(agent).catch(() => null)
  return identities?.map(({ blob, key }) => `${key.type} ${blob.toString('base64')}`) ?? null
}

async function readLfs(workspace: string, git: string): Promise<GitFacts['lfs']> {
  const attributes = [join(workspace, '.gitattributes'), join(git, 'info/attributes')]
  const texts = await Promise.all(attributes.map(readSmall))
  if (!texts.some((text) => /^[^#\n]*\sfilter=lfs(\s|$)/m.test(text ?? ''))) return null
  return { hasPushHook: /git[ -]lfs/.test((await readSmall(join(git, 'hooks/pre-push'))) ?? '') }
}

const PATHS =
  /^(?:core\.(?:hookspath|attributesfile|excludesfile)|include\.path|includeif\..*\.path|commit\.template|http\.(?:.*\.)?ssl(?:cainfo|cert|key)|gpg\.ssh\.(?:allowedsignersfile|revocationfile))$/s

function findOutside(
  local: readonly Setting[],
  git: string,
  { workspace, home }: GitRequest,
): GitFacts['outside'] {
  const { commonDir, readable } = workspace.repository
  const inside = [workspace.path, commonDir, readable].filter((folder) => folder !== null)
  return local.flatMap(({ name, value }) => {
    if (!PATHS.test(name)) return []
    const path = toPath(value, home, name.startsWith('include') ? git : workspace.path)
    const isThere =
      inside.some((folder) => isIn(path, folder)) && (isAbsolute(value) || !value.startsWith('~'))
    return isThere ? [] : [{ name, path }]
  })
}

/** Says yes where a person is asked: then nobody knows yet. */
function toIsAllowed({ network, allowedDomains }: GitRequest) {
  const allowlist = parseAllowlist([...allowedDomains, ...network.allow])
  const only = network.only === null ? null : parseAllowlist(network.only)
  return (target: { host: string; port: number }): boolean => {
    if (network.mode === 'bridge') return true
    if (network.mode === 'none') return false
    if (only !== null && !decide(target, only).allowed) return false
    return network.ask || decide(target, allowlist).allowed
  }
}
