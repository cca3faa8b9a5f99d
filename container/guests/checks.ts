/** Whether somebody's container is one that hooks can be brought into. */
import type { Engine } from '../docker/engine.ts'
import type { FoundContainer } from '../docker/exec.ts'
import { GUEST_FOLDER } from './files.ts'
import type { Probe } from './probe.ts'
import { isOurOwn, needsNode, noLinux, noSuchContainer, notRunning, readOnly } from './refusals.ts'

/** The running container of that name or id. Throws why hooks cannot be brought into it. */
export async function findGuest(
  engine: Pick<Engine, 'findContainer'>,
  container: string,
): Promise<FoundContainer> {
  const found = await engine.findContainer(container)
  if (found === null) throw noSuchContainer(container)
  const { name, state, platform, labels } = found
  // Of sessions and of gates; an image of ours has other labels, and anybody may run that.
  if ('remote-claude.instance' in labels) throw isOurOwn(name)
  if (platform !== 'linux') throw noLinux(name, platform)
  if (state !== 'running') throw notRunning(name, state)
  return found
}

/** A folder to unpack in. The engine writes into volumes behind a read-only root, and into no tmpfs (Docker 20.10). */
export function targetIn({ name, hasReadonlyRoot, mounts }: FoundContainer): string {
  if (!hasReadonlyRoot) return '/'
  const places = mounts.filter(({ type, isWritable }) => type !== 'tmpfs' && isWritable)
  const target = [GUEST_FOLDER, '/opt'].find((place) => places.some((mount) => mount.target === place))
  if (target === undefined) throw readOnly(name, GUEST_FOLDER)
  return target
}

const MACHINES: Record<string, string> = { x64: 'x86_64', arm64: 'aarch64', arm: 'armv7l' }

/** This machine's Node is one file that runs wherever its kernel, processor and C library are. Throws `guest-needs-node`. */
export function checkOwnNode({ name }: FoundContainer, { machine, hasGlibc }: Probe): void {
  if (process.platform !== 'linux') throw needsNode(name, 'it is not made for Linux')
  const own = MACHINES[process.arch] ?? process.arch
  if (machine !== own) throw needsNode(name, `it is made for ${own}, and the container is ${machine}`)
  if (!hasGlibc) throw needsNode(name, 'it needs glibc, and the container has none (musl)')
}
