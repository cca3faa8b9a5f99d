/** Makes what a session runs in, in the order that leaves nothing open: container, doors, pane. */
import { rm } from 'node:fs/promises'
import type { SessionRef } from '../../server/ports.ts'
import { createGates } from '../gate/gates.ts'
import { findProgram } from '../host.ts'
import { sessionFolders } from '../places.ts'
import { type Box, type BoxRequest, createBoxes } from './box.ts'
import type { SessionsParts, StartParts } from './session.ts'

type BringUpRequest = {
  box: BoxRequest
  beforeStart: StartParts['beforeStart']
  /** The pane that asked for it goes on with the new container by itself, and stays if there is none. */
  hasPane: boolean
  /** The session's folder was there before, and stays when this fails. */
  isAgain: boolean
  progress(line: string): void
}

/** Variables that say where our files are. */
const FOLDERS = ['HOME', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME']

export function createBringUp(parts: SessionsParts) {
  const { engine, panes, stateDir, paneScript, rc, instance, options, env, log } = parts
  const boxes = createBoxes(parts)
  const gates = createGates({ engine, instance, image: options.docker.image })

  // The tmux server may have been started for another home, and the pane's own restart has to find this one's session.
  function folders(): string[] {
    const unset = FOLDERS.filter((name) => env[name] === undefined)
    const set = FOLDERS.filter((name) => env[name] !== undefined)
    return [...unset.flatMap((name) => ['-u', name]), ...set.map((name) => `${name}=${env[name]}`)]
  }

  async function openPane(session: SessionRef, containerId: string): Promise<void> {
    const docker = await findProgram('docker', env)
    // The docker command follows contexts of its own; it has to find the engine that has our container.
    const host = ['/usr/bin/env', ...folders(), `DOCKER_HOST=unix://${engine.socket}`]
    const script = ['/bin/sh', paneScript, docker, containerId, rc, session.name]
    await panes.openPane({ session, argv: [...host, ...script], cwd: session.workspace })
  }

  /** Whatever fails, what was made by then is removed. */
  async function bringUp({ box, beforeStart, hasPane, isAgain, progress }: BringUpRequest): Promise<Box> {
    const { session } = box
    let containerId: string | null = null
    let hasGate = false
    try {
      progress('Making the container')
      const made = await boxes.make(box)
      containerId = made.containerId
      hasGate = made.gateKind === 'container'
      if (hasGate) await gates.make(session.id)
      await beforeStart(session, containerId)
      progress('Starting Claude Code')
      if (!hasPane) await openPane(session, containerId)
      return made
    } catch (error) {
      const { root } = sessionFolders(stateDir, session.id)
      await tidy(session, [
        async () => hasPane || panes.closePane(session.id),
        async () => containerId === null || engine.remove(containerId),
        async () => isAgain || !hasGate || gates.remove(session.id),
        async () => isAgain || rm(root, { recursive: true, force: true }),
      ])
      throw error
    }
  }

  async function tidy(session: SessionRef, steps: (() => Promise<unknown>)[]): Promise<void> {
    for (const step of steps) {
      await step().catch((error: Error) =>
        log('warn', 'a failed start left something behind', { session: session.name, error: error.message }),
      )
    }
  }

  return { bringUp, openPane, gates }
}
