/** What a session's container is made from. Pure: options in, Docker's create options out. */

import type { SessionRef } from '../../server/ports.ts'
import type { ContainerPlan } from '../docker/client.ts'
import { mountGateVolume } from '../gate/plan.ts'
import { GIT_SCRIPT } from '../git/locked.ts'
import { type NetworkMode, type SandboxOptions, toBytes } from '../options.ts'
import { containerName, INSIDE, type SessionFolders, transcriptFolderName } from '../places.ts'
import type { Setting } from '../workspace/git-config.ts'
import type { Workspace } from '../workspace/workspace.ts'

type PlanRequest = {
  session: SessionRef
  image: string
  workspace: Workspace
  folders: SessionFolders
  /** The volume that the gate container serves the doors in; null when they are in the gate folder. */
  gateVolume: { name: string; labels: Record<string, string> } | null
  /** Host file of Claude's own login, which the session may read and renew. */
  loginFile: string | null
  /** Whether its key door stands. */
  hasSshAgent: boolean
  /** Git settings that are stronger than the repository's own. */
  gitOverrides: readonly Setting[]
  network: NetworkMode
  sandbox: SandboxOptions
  labels: Record<string, string>
  timeZone: string
}

type Mount =
  | { Type: 'bind'; Source: string; Target: string; ReadOnly: boolean }
  | ReturnType<typeof mountGateVolume>

/** A locked box: no capability, no way to gain one, nothing writable but the workspace and memory. */
export function planContainer(request: PlanRequest): ContainerPlan {
  const { session, image, workspace, network, sandbox, labels } = request
  const { uid, gid } = workspace.owner
  const memory = toBytes(sandbox.memory)
  return {
    name: containerName(session),
    Image: image,
    Labels: labels,
    Hostname: session.name,
    User: `${uid}:${gid}`,
    WorkingDir: '/',
    Env: Object.entries(environment(request)).map(([name, value]) => `${name}=${value}`),
    Tty: true,
    OpenStdin: true,
    HostConfig: {
      Init: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      NetworkMode: network === 'bridge' ? 'bridge' : 'none',
      PidsLimit: sandbox.pids,
      Memory: memory,
      MemorySwap: memory,
      NanoCpus: Math.round(sandbox.cpus * 1e9),
      // Docker mounts a tmpfs noexec unless told otherwise, and tools run what they unpack.
      Tmpfs: {
        '/tmp': `exec,nosuid,nodev,size=${sandbox.tmp_size},mode=1777`,
        // Folders in between that Docker itself would make for the transcripts' mount would belong to root.
        ...Object.fromEntries(
          ['', '/.claude', '/.claude/projects'].map((below) => [
            `${INSIDE.home}${below}`,
            `exec,nosuid,nodev,size=${sandbox.tmp_size},uid=${uid},gid=${gid},mode=700`,
          ]),
        ),
      },
      Mounts: mounts(request),
      LogConfig: { Type: 'local', Config: { 'max-size': '10m', 'max-file': '3' } },
    },
  }
}

function environment({
  network,
  workspace,
  timeZone,
  hasSshAgent,
  gitOverrides,
  gateVolume,
}: PlanRequest): Record<string, string> {
  return {
    HOME: INSIDE.home,
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    LANG: 'C.UTF-8',
    TZ: timeZone,
    RC_WORKSPACE: workspace.path,
    RC_NETWORK: network,
    RC_GATE: gateVolume === null ? 'folder' : 'container',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_TELEMETRY: '1',
    // It would clone one from github.com at each start (Claude Code 2.1.330).
    CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL: '1',
    ...gitVariables(gitOverrides),
    ...(hasSshAgent && { SSH_AUTH_SOCK: INSIDE.sshAgent }),
    ...proxyVariables(network),
  }
}

/** Git obeys these after all files (git-config(1), GIT_CONFIG_COUNT). */
function gitVariables(settings: readonly Setting[]): Record<string, string> {
  if (settings.length === 0) return {}
  const pairs = settings.flatMap(({ name, value }, at) => [
    [`GIT_CONFIG_KEY_${at}`, name],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ])
  return { GIT_CONFIG_COUNT: String(settings.length), ...Object.fromEntries(pairs) }
}

/** Tools disagree about the case of these names. On Docker's own network there is no proxy of ours. */
export function proxyVariables(network: NetworkMode): Record<string, string> {
  if (network === 'bridge') return {}
  const local = 'localhost,127.0.0.1,::1'
  const { proxy } = INSIDE
  return {
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    NO_PROXY: local,
    http_proxy: proxy,
    https_proxy: proxy,
    no_proxy: local,
    NODE_USE_ENV_PROXY: '1',
  }
}

function mounts({ workspace, folders, gateVolume, loginFile }: PlanRequest): Mount[] {
  const { path, repository } = workspace
  const found: Mount[] = [
    ...(repository.readable === null ? [] : [mount(repository.readable, repository.readable, 'read-only')]),
    mount(path, path, 'writable'),
    ...(repository.commonDir === null ? [] : [mount(repository.commonDir, repository.commonDir, 'writable')]),
    ...repository.pinned.map((pinned) => mount(pinned, pinned, 'writable')),
    ...repository.guarded.map((guarded) => mount(guarded, guarded, 'read-only')),
    gateVolume === null
      ? mount(folders.gate, INSIDE.gate, 'read-only')
      : mountGateVolume(gateVolume.name, gateVolume.labels, 'read-only'),
    mount(folders.hooks, INSIDE.hooks, 'read-only'),
    mount(folders.seed, INSIDE.seed, 'read-only'),
    mount(`${folders.etc}/passwd`, '/etc/passwd', 'read-only'),
    mount(`${folders.etc}/group`, '/etc/group', 'read-only'),
    mount(`${folders.etc}/managed-settings.json`, INSIDE.managedSettings, 'read-only'),
    mount(`${folders.etc}/CLAUDE.md`, INSIDE.managedMemory, 'read-only'),
    mount(`${folders.etc}/git`, GIT_SCRIPT, 'read-only'),
  ]
  const transcripts = transcriptFolderName(path)
  // Where Claude has another name for it, the conversations end with the container.
  if (transcripts !== null) {
    found.push(mount(folders.conversations, `${INSIDE.home}/.claude/projects/${transcripts}`, 'writable'))
  }
  // Never read-only: a login that is renewed and cannot be kept is burnt, here and on the host.
  if (loginFile !== null) found.push(mount(loginFile, INSIDE.login, 'writable'))
  // The main repository of a worktree is pinned under the same path that it is mounted at.
  return [...new Map(found.map((one) => [one.Target, one])).values()]
}

function mount(source: string, target: string, access: 'writable' | 'read-only'): Mount {
  return { Type: 'bind', Source: source, Target: target, ReadOnly: access === 'read-only' }
}
