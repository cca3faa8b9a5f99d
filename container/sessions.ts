/**
 * Sessions: made, listed, started again, removed.
 *
 *   start: read the workspace -> write the seed -> create the container -> open its doors -> open its pane
 *          (any failure removes what was made; the pane is what starts the container)
 */

import { rm } from 'node:fs/promises'
import type { SessionRef } from '../server/ports.ts'
import { createConversations } from './conversations/conversations.ts'
import { KEYS_LOST } from './credentials/ssh.ts'
import { ContainerError } from './errors.ts'
import { gateOwner } from './gate/plan.ts'
import { containerName, instanceLabel, sessionFolders } from './places.ts'
import { toSession } from './session/labels.ts'
import { chooseName, isLiving, newSessionId, resolveName } from './session/name.ts'
import {
  conversationArgs,
  ended,
  type RestartRequest,
  type Session,
  type SessionsParts,
  type StartRequest,
} from './session/session.ts'
import { createBringUp } from './session/start.ts'
import { readWorkspace, type Workspace } from './workspace/workspace.ts'

export type {
  RestartRequest,
  Session,
  SessionsParts,
  StartRequest,
} from './session/session.ts'

export type Sessions = ReturnType<typeof createSessions>
type Killed = Pick<Session, 'id' | 'containerId' | 'gateKind' | 'workspace'>

/** Sessions of one user and state folder. Making this does nothing. */
export function createSessions(parts: SessionsParts) {
  const { engine, panes, stateDir, home, claudeDir, instance, env, options, log } = parts
  const { bringUp, openPane, gates } = createBringUp(parts)
  const conversations = createConversations(parts)

  async function list({ all }: { all: boolean }): Promise<Session[]> {
    const [containers, open] = await Promise.all([
      engine.listContainers(instanceLabel(instance)),
      panes.panes(),
    ])
    return containers
      .filter((container) => gateOwner(container.labels) === null)
      .flatMap((container) => {
        const session = toSession(container, open)
        if (session === null) log('warn', 'a container has labels that cannot be read', { id: container.id })
        return session === null || !(all || isLiving(session)) ? [] : [session]
      })
      .sort((left, right) => left.createdAt - right.createdAt)
  }

  async function lookAt(dir: string): Promise<Workspace> {
    const user = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
    return await readWorkspace(dir, { home, claudeDir, own: [stateDir], user })
  }

  /** Removes all of a session but its transcripts, which are kept; parts that are gone already are no obstacle. */
  async function kill({ id, workspace, containerId, gateKind }: Killed): Promise<void> {
    await panes.closePane(id)
    await engine.remove(containerId)
    await conversations.putAway({ id, workspace })
    if (gateKind === 'container') await gates.remove(id)
    await rm(sessionFolders(stateDir, id).root, { recursive: true, force: true })
  }

  async function start(
    request: StartRequest,
    progress: (line: string) => void = () => {},
  ): Promise<{ session: Session; notices: string[] }> {
    const workspace = await lookAt(request.dir)
    const present = await list({ all: true })
    const name = chooseName(request.name, workspace.path, present)
    for (const ended of present.filter((one) => one.name === name)) await kill(ended)
    await conversations.collectAll(present.filter((one) => one.workspace === workspace.path))

    const id = newSessionId()
    const session: SessionRef = {
      id,
      name,
      workspace: workspace.path,
      gate: sessionFolders(stateDir, id).gate,
    }
    const { claudeArgs, permissionArgs, askRules, network, prompt } = request
    const { notices } = await bringUp({
      beforeStart: request.beforeStart,
      box: {
        session,
        workspace,
        options: { claudeArgs, permissionArgs, askRules, network },
        managedSettings: request.managedSettings,
        // A prompt may begin with a hyphen, or follow an option that takes many values.
        args: [...conversationArgs(request), ...(prompt === undefined ? [] : ['--', prompt])],
        ...(request.resume !== undefined && { resume: request.resume }),
      },
      hasPane: false,
      isAgain: false,
      progress,
    })
    const made = (await list({ all: true })).find((one) => one.id === id)
    if (made !== undefined) return { session: made, notices }
    throw new ContainerError('session-vanished', `${name} was removed while it started.`, 'Start it again.')
  }

  return {
    list,
    kill,
    start,

    /** The session that a name, or part of one, means. Throws `no-session`, `ambiguous-name`. */
    async find(word: string): Promise<Session> {
      return resolveName(word, await list({ all: true }))
    },

    /**
     * A new container in the place of the old one, without its prompt; gives the container's id. The old one is kept
     * until the new one is ready, so that a restart that fails leaves a session that can be restarted.
     */
    async restart(
      session: Session,
      request: RestartRequest,
    ): Promise<{ containerId: string; notices: string[] }> {
      const { id, name, gate } = session
      const workspace = await lookAt(session.workspace)
      const hasPane = request.inPane === true
      const saysNothingOfKeys = options.credentials.ssh === undefined && !env['SSH_AUTH_SOCK']
      if (!hasPane) await panes.closePane(id)
      await engine.stop(session.containerId)
      await engine.rename(session.containerId, `${containerName(session)}-before`)
      try {
        const { containerId, notices, hasKeys } = await bringUp({
          beforeStart: request.beforeStart,
          box: {
            session: { id, name, workspace: workspace.path, gate },
            workspace,
            options: {
              ...session.options,
              permissionArgs: request.permissionArgs,
              askRules: request.askRules,
              network: request.network,
            },
            managedSettings: request.managedSettings,
            args: request.continueLast ? ['--continue'] : [],
          },
          hasPane,
          isAgain: true,
          progress: () => {},
        })
        await engine.remove(session.containerId)
        const hasLost = session.options.keys !== null && !hasKeys && saysNothingOfKeys
        return { containerId, notices: hasLost ? [...notices, KEYS_LOST] : notices }
      } catch (error) {
        await engine.rename(session.containerId, containerName(session))
        throw error
      }
    },

    /**
     * Gives a session whose pane was closed a new one, which goes on where Claude is. Throws `session-ended` when Claude
     * is nowhere: starting the same container again would send its first prompt again.
     */
    async ensurePane(session: Session): Promise<void> {
      const open = (await panes.panes()).find((one) => one.session === session.id)
      if (open !== undefined && !open.dead) return
      if (!isLiving(session)) throw ended(session)
      if (open !== undefined) await panes.closePane(session.id)
      await openPane(session, session.containerId)
    },

    /** What Claude's terminal printed, raw. */
    async logs(session: Session, { follow }: { follow: boolean }): Promise<AsyncIterable<Buffer>> {
      return await engine.logs(session.containerId, { follow })
    },

    /** The command that runs another command, or a shell, in the session's container. */
    shellArgv(
      session: Session,
      { command = [], isTerminal }: { command?: string[]; isTerminal: boolean },
    ): string[] {
      const flags = isTerminal ? ['-it'] : ['-i']
      const where = ['-w', session.workspace, session.containerId]
      return [
        'docker',
        '-H',
        `unix://${engine.socket}`,
        'exec',
        ...flags,
        ...where,
        ...(command.length > 0 ? command : ['/bin/bash']),
      ]
    },
  }
}
