/** Whether sessions get a gate folder or a gate container. */

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { hostname, release } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import type { EngineDescription } from '../docker/client.ts'
import type { Engine } from '../docker/engine.ts'
import { GATE_KINDS, type GateKind, type NetworkOptions } from '../options.ts'
import { canMountSockets } from './probe.ts'

type Parts = {
  engine: Engine
  wanted: NetworkOptions['gate']
  image: string
  /** Where folders are made that the engine is to mount, as it mounts gate folders. */
  stateDir: string
  cacheDir: string
}

type Machine = Pick<EngineDescription, 'hostname' | 'kernel'> & { platform: string }

const remembered = z.object({ engine: z.string(), kind: z.enum(GATE_KINDS) })

/**
 * Gives the kind for a session that is about to be made. What the engine can do is tried once for each version of it,
 * in a second or two, and only where its own words do not tell.
 */
export function createGateChoice({ engine, wanted, image, stateDir, cacheDir }: Parts) {
  return async (): Promise<GateKind> => {
    if (wanted !== 'auto') return wanted
    const description = await engine.describe()
    const machine = { hostname: hostname(), kernel: release(), platform: process.platform }
    const told = kindFrom(description, machine)
    if (told !== null) return told
    const name = `${description.id} ${description.version}`
    const file = join(cacheDir, 'gate.json')
    const earlier = await readFile(file, 'utf8').then(parseRemembered, () => null)
    if (earlier?.engine === name) return earlier.kind
    const kind = (await canMountSockets({ engine, image, stateDir })) ? 'folder' : 'container'
    await mkdir(cacheDir, { recursive: true })
    await writeFile(file, JSON.stringify({ engine: name, kind }))
    return kind
  }
}

/** What follows from the engine's words alone; null when it has to be tried. Pure. */
export function kindFrom({ system, hostname, kernel }: EngineDescription, machine: Machine): GateKind | null {
  // Its file sharing shows a host's sockets but does not pass connections on (Docker Desktop 4).
  if (system.includes('Docker Desktop')) return 'container'
  const isHere = machine.platform === 'linux' && hostname === machine.hostname && kernel === machine.kernel
  return isHere ? 'folder' : null
}

function parseRemembered(text: string) {
  try {
    return remembered.parse(JSON.parse(text))
  } catch {
    return null
  }
}
