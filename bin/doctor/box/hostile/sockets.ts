/** Sockets of the host: whoever may speak to them rules over the host, or answers asks. */
import type { Attempt, Facts } from './attempt.ts'
import { mustFail } from './must-fail.ts'
import { talk } from './network.ts'

/** Where Docker, containerd, podman and the system bus stand on various machines. */
const PLACES = [
  '/var/run/docker.sock',
  '/run/docker.sock',
  '/run/containerd/containerd.sock',
  '/run/podman/podman.sock',
  '/run/dbus/system_bus_socket',
  '/run/systemd/private',
]

export function socketAttempts({ sockets, abstractSocket }: Facts): Attempt[] {
  return [
    ...PLACES.map((path, at) => attempt(`place-${at + 1}`, path, path)),
    ...sockets.map(({ what, path }, at) => attempt(`named-${at + 1}`, `${what}: ${path}`, path)),
    // The outer namespace of abstract names is the network's, so this tells about that too.
    attempt('abstract', `an abstract unix socket of the host: @${abstractSocket}`, `\0${abstractSocket}`),
  ]
}

function attempt(id: string, what: string, path: string): Attempt {
  const deed = async () => {
    await talk({ path }, '', 300)
    return 'somebody answered'
  }
  return {
    id: `socket-${id}`,
    group: 'sockets of the host',
    tried: `connecting to ${what}`,
    run: () => mustFail(deed, ['ECONNREFUSED']),
  }
}
