/** Makes the container of a session, ready to start: files, access, login, labels. */

import { chown, mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import type { HookPlaces } from '../../hooks/settings.ts'
import type { SessionRef } from '../../server/ports.ts'
import { createConversations } from '../conversations/conversations.ts'
import { forgetWhyEnded } from '../conversations/watch.ts'
import { findLent } from '../credentials/lent.ts'
import { gateLabels, gateName } from '../gate/plan.ts'
import { readSessionGit } from '../git/for-session.ts'
import { writeSeed } from '../home/seed.ts'
import type { GateKind } from '../options.ts'
import { INSIDE, instanceLabel, sessionFolders } from '../places.ts'
import { takeBaseline } from '../planted/baseline.ts'
import { lookIntoImage } from '../settings/box-contents.ts'
import { guardVariables } from '../settings/guarded-variables.ts'
import { fitSettings, readProjectSettings, readUserSettings } from '../settings/read.ts'
import { settingsVariables } from '../settings/user-settings.ts'
import { grantAccess } from '../workspace/acl.ts'
import { SESSION_UID, type Workspace } from '../workspace/workspace.ts'
import { toLabels } from './labels.ts'
import { planContainer, proxyVariables } from './plan.ts'
import type { LabelledOptions, ManagedSettings, SessionsParts } from './session.ts'

export type BoxRequest = {
  session: SessionRef
  workspace: Workspace
  options: Omit<LabelledOptions, 'keys'>
  managedSettings(where: HookPlaces): ManagedSettings
  /** Claude's arguments of this start only, after those in `options`. */
  args: string[]
  /** The conversation that it goes on with. */
  resume?: string
}

/** A container that waits for its start, and what a person should know about it. */
export type Box = { containerId: string; gateKind: GateKind; hasKeys: boolean; notices: string[] }

const HOOK_PLACES: HookPlaces = {
  runner: INSIDE.hookRunner,
  hooksDir: INSIDE.hooks,
  gate: INSIDE.gate,
  log: INSIDE.hookLog,
}

export function createBoxes(parts: SessionsParts) {
  const { engine, stateDir, home, claudeDir, hooksDist, instance, env, options, chooseGate } = parts
  const conversations = createConversations(parts)

  return {
    async make(request: BoxRequest): Promise<Box> {
      const { session, workspace, args } = request
      const { claudeArgs, permissionArgs, network } = request.options
      const folders = sessionFolders(stateDir, session.id)
      const { claude, credentials, docker, sandbox } = options
      const text = await readUserSettings(claudeDir)
      const lent = await findLent(
        { credentials, claude },
        { home, claudeDir, env, owner: workspace.owner, settings: settingsVariables(text) },
      )
      const proxies = proxyVariables(network.mode)
      const [fitted, inVain] = await Promise.all([
        fitSettings({
          text,
          home,
          claudeDir,
          workspace: workspace.path,
          isProxied: network.mode !== 'bridge',
          lendsOwn: lent.usesSettings,
          look: (names) => lookIntoImage({ engine, image: docker.image, id: session.id }, names),
        }),
        readProjectSettings(workspace.path),
      ])
      const ours = request.managedSettings(HOOK_PLACES)
      const opened = await openWorkspace(workspace)
      const aboutConversations = await conversations.prepare(session, workspace.owner, request.resume)
      await forgetWhyEnded(folders.root)
      const git = await readSessionGit({
        workspace,
        home,
        env,
        takesConfig: credentials.git,
        ssh: lent.ssh,
        agent: lent.keys?.agent ?? null,
        network,
        allowedDomains: options.network.allowed_domains,
      })
      const seeding = writeSeed({
        folders,
        owner: workspace.owner,
        home,
        claudeDir,
        workspace: workspace.path,
        hooksDist,
        managedSettings: {
          ...fitted.managed,
          ...ours,
          hooks: addHooks(ours.hooks, fitted.managed.hooks),
          env: guardVariables({ ...fitted.variables, ...proxies, ...lent.env }),
        },
        userSettings: fitted,
        env: lent.env,
        args: [...permissionArgs, ...claudeArgs, ...args],
        git,
        ssh: lent.ssh,
      })
      const [leftOut, gateKind] = await Promise.all([
        seeding,
        chooseGate(),
        takeBaseline(workspace.path, folders.baseline),
      ])
      const gateVolume =
        gateKind === 'folder'
          ? null
          : { name: gateName(session.id), labels: gateLabels(instanceLabel(instance), session.id) }
      const plan = planContainer({
        session,
        image: docker.image,
        workspace,
        folders,
        gateVolume,
        loginFile: lent.loginFile,
        hasSshAgent: lent.keys !== null,
        gitOverrides: git.overrides,
        network: network.mode,
        // The engine refuses more processors than there are.
        sandbox: { ...sandbox, cpus: Math.min(sandbox.cpus, availableParallelism()) },
        labels: toLabels(instance, { ...session, gateKind }, { ...request.options, keys: lent.keys }),
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      })
      const notices = [
        ...opened,
        ...workspace.repository.notices,
        ...leftOut,
        ...aboutConversations,
        ...fitted.leftOut,
        ...inVain,
        ...lent.notices,
        ...git.notices,
      ]
      const hasKeys = lent.keys !== null
      return { containerId: await engine.createContainer(plan), gateKind, hasKeys, notices }
    },
  }
}

/** Ours come first. */
function addHooks(
  ours: ManagedSettings['hooks'],
  own: ManagedSettings['hooks'],
): Record<string, readonly object[]> {
  const events = new Set([...Object.keys(ours), ...Object.keys(own)])
  return Object.fromEntries(
    [...events].map((event) => [event, [...(ours[event] ?? []), ...(own[event] ?? [])]]),
  )
}

async function openWorkspace({ path, owner, repository }: Workspace): Promise<string[]> {
  for (const folder of repository.missing) await mkdir(folder)
  if (owner.uid !== SESSION_UID) {
    if (process.getuid?.() === 0)
      for (const folder of repository.missing) await chown(folder, owner.uid, owner.gid)
    return []
  }
  const folders = repository.commonDir === null ? [path] : [path, repository.commonDir]
  const granted: string[] = []
  for (const folder of folders) if (await grantAccess(folder, SESSION_UID)) granted.push(folder)
  return granted.map(
    (folder) =>
      `${folder} belongs to root. User ${SESSION_UID}, whom sessions run as, was given access to it.`,
  )
}
