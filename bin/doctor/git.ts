import { resolveSsh } from '../../container/credentials/ssh.ts'
import { readSessionGit } from '../../container/git/for-session.ts'
import type { SshMode } from '../../container/options.ts'
import { isIn } from '../../container/places.ts'
import type { LabelledOptions, Session } from '../../container/session/session.ts'
import { readWorkspace } from '../../container/workspace/workspace.ts'
import { readProjectFile } from '../../setup/config/project-file.ts'
import type { House } from '../house/house.ts'
import { narrow, widest } from '../sessions/narrow.ts'
import type { Examination, Finding } from './finding.ts'

/** What decides what git can do in a box. */
type Given = { network: LabelledOptions['network']; ssh: SshMode; agent: string | null }

/** No folder for a session at all: nobody has said that it should be one. */
const NO_WORKSPACE = ['workspace-refused', 'workspace-missing']

/** What git cannot do in each living session, and in one of this folder. Only files are read: git would obey them. */
export const git: Examination = async (house, { sessions }) => {
  const living = await sessions.list({ all: false }).catch(() => [])
  const here = process.cwd()
  const found = await Promise.all([
    ...living.map((session) =>
      examine(`git in ${session.name}`, session.workspace, house, async () => givenTo(session, house)),
    ),
    ...(living.some(({ workspace }) => isIn(here, workspace))
      ? []
      : [examine('git in a session of this folder', here, house, () => wouldBeGiven(here, house))]),
  ])
  return found.flat()
}

async function examine(
  name: string,
  dir: string,
  { paths, env, config }: House,
  given: () => Promise<Given>,
): Promise<Finding[]> {
  try {
    const { home, claudeDir, stateDir } = paths
    const user = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
    const workspace = await readWorkspace(dir, { home, claudeDir, own: [stateDir], user })
    const { git: folders, notices } = workspace.repository
    if (folders === null && notices.length === 0) return []
    const { notices: limits } = await readSessionGit({
      workspace,
      home,
      env,
      takesConfig: config.credentials.git,
      allowedDomains: config.network.allowed_domains,
      ...(await given()),
    })
    return [...notices, ...limits].map((problem) => ({ name, problem, remedy: '', isMinor: true }))
  } catch (error) {
    const { code = '', message, remedy = '' } = error as Error & { code?: string; remedy?: string }
    return NO_WORKSPACE.includes(code) ? [] : [{ name, problem: message, remedy }]
  }
}

/** As its labels tell. Copies of keys are not in them, but the configuration has to say so for a session to have any. */
function givenTo({ options: { network, keys } }: Session, { config }: House): Given {
  if (keys !== null) return { network, ssh: keys.ask ? 'ask' : 'agent', agent: keys.agent }
  return { network, ssh: config.credentials.ssh === 'mount' ? 'mount' : 'none', agent: null }
}

/** As a start in this shell would have it. Throws what such a start would throw. */
async function wouldBeGiven(dir: string, { config, env }: House): Promise<Given> {
  const { network } = narrow(
    await readProjectFile(dir),
    widest(config.network, { mode: null, allow: [] }),
    config.approvals,
  )
  const { mode } = await resolveSsh(config.credentials, env)
  const agent = mode === 'ask' || mode === 'agent' ? (env['SSH_AUTH_SOCK'] ?? null) : null
  return { network, ssh: mode, agent }
}
