/**
 * Brings what hooks need into somebody's running container, and takes it away again:
 *
 *   find it ─ ours, stopped, no Linux, no place ─► refused
 *     │
 *   ask it: user, machine, libc, Node ─ none that could run ─► refused
 *     │
 *   copy, by the engine and so with root's files in a container that has no root ─► try it as Claude's user
 */
import { access } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { Engine } from '../docker/engine.ts'
import type { Progress } from '../docker/progress.ts'
import { checkOwnNode, findGuest, targetIn } from './checks.ts'
import { readDevcontainer } from './devcontainer.ts'
import { GUEST_FOLDER, type GuestPrograms, guestFiles, IN_GUEST } from './files.ts'
import { probeGuest } from './probe.ts'
import { needsNode, notRemoved, notRunning, notThere } from './refusals.ts'
import { toTar } from './tar.ts'

type GuestEngine = Pick<Engine, 'findContainer' | 'execIn' | 'putInto'>

/** What `createGuestGates` and whoever installs hooks have to know of a guest. */
export type PreparedGuest = {
  name: string
  container: { id: string; user: string }
  /** Path of the Node inside that scripts are run with. */
  node: string
  /** Our folder inside; `IN_GUEST` names what is in it. */
  folder: string
  /** Version of its Claude Code; null where none was found. */
  claude: string | null
  /** Its Claude's folder, where the container says so. */
  configDir: string | null
}

type GuestRequest = {
  engine: GuestEngine
  /** Name or id of the container. */
  container: string
  /** Whom its Claude runs as; null for the user that a devcontainer names, or the container's own. */
  user: string | null
  programs: GuestPrograms
  onProgress: Progress
}

/** Copies, over what an earlier version may have left. Throws the sentences of guest-refusals.ts and of the engine. */
export async function prepareGuest({
  engine,
  container,
  user,
  programs,
  onProgress,
}: GuestRequest): Promise<PreparedGuest> {
  const found = await findGuest(engine, container)
  const target = targetIn(found)
  const told = readDevcontainer(found)
  const as = user ?? told.user ?? (found.user || '0')
  const probe = await probeGuest(engine, found, as)
  if (probe.node === null) checkOwnNode(found, probe)

  onProgress(`Copying ${probe.node === null ? 'hooks and Node' : 'hooks'} into ${found.name}`)
  const files = await guestFiles(programs, { target, owner: probe.owner, withNode: probe.node === null })
  // Before the engine reads them: what it cannot read it would take for an engine that is gone.
  await Promise.all(files.map(({ source }) => source && access(source)))
  await engine.putInto(found.id, target, Readable.from(toTar(files), { objectMode: false }))

  const guest: PreparedGuest = {
    name: found.name,
    container: { id: found.id, user: as },
    node: probe.node ?? IN_GUEST.node,
    folder: GUEST_FOLDER,
    claude: probe.claude,
    configDir: told.configDir,
  }
  try {
    await tryOut(engine, guest)
  } catch (error) {
    await removeGuest(engine, guest.container)
    throw error
  }
  return guest
}

/** Takes our folder out of a container again. Nothing to do where that is gone. Throws `container-stopped`, `guest-not-removed`. */
export async function removeGuest(
  engine: GuestEngine,
  { id, user }: PreparedGuest['container'],
): Promise<void> {
  const found = await engine.findContainer(id)
  if (found === null) return
  if (found.state !== 'running') throw notRunning(found.name, found.state)
  // Root may have no power over another user's folder there (--cap-drop ALL).
  await engine.execIn(id, ['sh', '-c', `rm -f ${IN_GUEST.gate}/*`], { user })
  // A volume that is mounted there stays, empty.
  const script = `rm -rf ${GUEST_FOLDER} 2>&1 || [ -z "$(ls -A ${GUEST_FOLDER})" ]`
  const { exitCode, stdout } = await engine.execIn(id, ['sh', '-c', script], { user: '0' })
  if (exitCode !== 0) throw notRemoved(GUEST_FOLDER, stdout.trim())
}

async function tryOut(engine: GuestEngine, { name, container, node, folder }: PreparedGuest): Promise<void> {
  const as = { user: container.user }
  const ran = await engine.execIn(container.id, [node, '--version'], as)
  if (ran.exitCode !== 0 && node === IN_GUEST.node) {
    const said = (ran.stderr || ran.stdout).trim().split('\n')[0] ?? ''
    throw needsNode(name, `it does not run there (${said.replace(/\p{Cc}+/gu, ' ').slice(0, 200)})`)
  }
  const script = `test -r ${IN_GUEST.gateProgram} && test -r ${IN_GUEST.install} && test -w ${IN_GUEST.gate}`
  if (ran.exitCode !== 0 || (await engine.execIn(container.id, ['sh', '-c', script], as)).exitCode !== 0)
    throw notThere(name, folder)
}
