/** The other steps of `rc setup`: what of git, ssh and GitHub sessions are lent. */
import type { SshMode } from '../../container/options.ts'
import type { Config } from '../../setup/config/config.ts'
import type { Change } from '../../setup/config/file.ts'
import type { Choice, Prompts } from './prompts.ts'

/** What there is on this machine. */
export type Found = { hasSshAgent: boolean; hasGh: boolean }

/** Asks, and gives what is to be written: nothing for what stays as it is. */
export async function askLending(
  prompts: Prompts,
  { credentials }: Config,
  { hasSshAgent, hasGh }: Found,
): Promise<Change[]> {
  const git = await prompts.confirm(
    'Shall commits made in sessions carry your name and email?',
    credentials.git,
  )
  const otherwise = hasSshAgent ? 'ask' : 'none'
  const ssh = await prompts.choose(
    'May sessions use your ssh keys, to push for example?',
    sshChoices(hasSshAgent),
    credentials.ssh ?? otherwise,
  )
  const github =
    hasGh || credentials.github
      ? await prompts.confirm(
          'Shall sessions have the GitHub login of gh? Claude could do all that it may.',
          credentials.github,
        )
      : false
  return [
    ...(git === credentials.git ? [] : [change('git', git)]),
    // Left open, it follows whether an agent runs.
    ...(ssh === (credentials.ssh ?? otherwise) ? [] : [change('ssh', ssh)]),
    ...(github === credentials.github ? [] : [change('github', github)]),
  ]
}

function sshChoices(hasSshAgent: boolean): Choice<SshMode>[] {
  const agent = hasSshAgent ? '' : '; no ssh-agent runs here now'
  return [
    { value: 'ask', label: 'Ask me each time', hint: `your ssh-agent signs when you say so${agent}` },
    { value: 'none', label: 'No' },
    { value: 'agent', label: 'Yes, without asking', hint: `your ssh-agent signs${agent}` },
    { value: 'mount', label: 'Yes, copy the key files', hint: 'Claude can read them and send them away' },
  ]
}

function change(name: string, value: unknown): Change {
  return { path: ['credentials', name], value }
}
