/** What git in a session cannot do with its repository, in sentences. Pure. */

/** As read from files; git is not run in the repository. */
export type GitFacts = {
  /** File of the configuration that is locked. */
  config: string
  /** Why it could not be read, or null. */
  unread: string | null
  hasSubmodules: boolean
  /** `null`: no file of the repository is kept by git-lfs. */
  lfs: { hasPushHook: boolean } | null
  /** Why commits are not signed although the user signs them, or null. */
  unsigned: string | null
  /** Settings of the repository that lead to files which the session does not have. */
  outside: { name: string; path: string }[]
  /** Settings of the user's that were left at home, because of a secret in them. */
  secret: string[]
  remotes: RemoteFacts[]
}

export type RemoteFacts = {
  name: string
  /** `host:port` that git dials. */
  target: string
  isSsh: boolean
  /** Whether the network lets the session go there, or asks. */
  isAllowed: boolean
  hasKeys: boolean
  /** Reached through another host or program, which the session does not have. */
  isIndirect: boolean
  /** Chosen keys that ssh in the session cannot choose, with the reason. */
  lost: { key: string; why: string }[]
}

/** For the user, at each start. */
export function tellUser(facts: GitFacts): string[] {
  return [
    `Git in the session cannot change ${facts.config}, which this machine obeys: it refuses to track or rename branches and to add remotes${facts.hasSubmodules ? ' or submodules' : ''}.`,
    ...(facts.unread === null
      ? []
      : [`What ${facts.config} sets for remotes and signatures is left out of account: ${facts.unread}.`]),
    ...facts.remotes.flatMap(tellRemote),
    ...(facts.unsigned === null ? [] : [`Commits in the session are not signed: ${facts.unsigned}.`]),
    ...(facts.lfs === null || facts.lfs.hasPushHook ? [] : [`${LFS_PUSH} (see git lfs install).`]),
    ...facts.outside.map(
      ({ name, path }) => `${name} of the repository leads to ${path}, which the session does not have.`,
    ),
    ...facts.secret.map(
      (name) => `${name} was not taken over: there is a name or a password in its address.`,
    ),
  ]
}

/** For Claude, once: what is locked and what to use instead. */
export function tellClaude(facts: GitFacts): string {
  const lines = [
    `The configuration of this git repository (${facts.config}) and its hooks are locked: the host obeys them. Commits, branches, fetch and push work.`,
    'What would have to write it is refused before anything is done: `git push -u`, `--track`, `git branch -m/-c/-u`, `git remote add/rename/remove/set-url`, `git submodule add/init`, `git config` without `--global`. Do not look for a way around.',
    'New branches track nothing. Name the remote and the branch: `git push origin BRANCH`, `git pull origin BRANCH`, `git log origin/BRANCH..`. To rename a branch: `git switch -c NEW OLD && git branch -D OLD`.',
    ...facts.remotes
      .filter(({ isAllowed }) => !isAllowed)
      .map(({ name, target }) => `The network is closed to ${target} (${name}).`),
    ...(facts.unsigned === null ? [] : [`Commits are not signed here: ${facts.unsigned}. Do not use -S.`]),
    ...(facts.lfs === null || facts.lfs.hasPushHook
      ? []
      : [`${LFS_PUSH}: run \`git lfs push origin BRANCH\` before \`git push\`.`]),
  ]
  return `# Git in this session\n\n${lines.map((line) => `- ${line}\n`).join('')}`
}

const LFS_PUSH =
  'The repository uses git-lfs without its pre-push hook, so a push leaves the files themselves behind'

function tellRemote({ name, target, isSsh, isAllowed, hasKeys, isIndirect, lost }: RemoteFacts): string[] {
  if (isSsh && !hasKeys)
    return [`${name} is reached by ssh (${target}), and the session has no ssh keys: see credentials.ssh.`]
  return [
    ...(isAllowed
      ? []
      : [`${name} is at ${target}, which the session may not reach: see network.allowed_domains.`]),
    ...(isIndirect
      ? [`${name} (${target}) is reached through another host or program, which the session does not have.`]
      : []),
    ...lost.map(
      ({ key, why }) => `${name} is reached with ${key}, but ${why}, so ssh in the session tries others.`,
    ),
  ]
}
