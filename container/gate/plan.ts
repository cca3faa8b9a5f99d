/** What a session's gate container and the volume it shares with the session are made from. Pure. */
import type { ContainerPlan } from '../docker/client.ts'
import { INSIDE } from '../places.ts'

/**
 * Whom the gate program runs as, a user that no session is. The image's folder belongs to the same one (Dockerfile),
 * because a fresh volume takes over the owner of the folder it is mounted on (Docker Engine 20.10): so the program can
 * write there without being root, and a session could not even where its own mount were writable.
 */
export const GATE_USER = '48421:48421'

const MEBIBYTE = 1024 ** 2
const GATE_OF = 'remote-claude.gate-of'

/** Name of the gate container and of its volume. No session's container can be called so: those end in their id. */
export function gateName(sessionId: string): string {
  return `rc-${sessionId}-gate`
}

/** Labels of the gate container and of the volume; `instance` are those that all of one user and state folder share. */
export function gateLabels(instance: Record<string, string>, sessionId: string): Record<string, string> {
  return { ...instance, [GATE_OF]: sessionId }
}

/** The session that a gate container or a volume belongs to; null when it is neither. */
export function gateOwner(labels: Record<string, string>): string | null {
  return labels[GATE_OF] ?? null
}

type GateRequest = { sessionId: string; image: string; instance: Record<string, string> }

/** It waits for the responder, which runs the gate program in it. Sockets of an earlier one are dead and taken away. */
export function planGate({ sessionId, image, instance }: GateRequest): ContainerPlan {
  const name = gateName(sessionId)
  const labels = gateLabels(instance, sessionId)
  return {
    name,
    Image: image,
    Labels: labels,
    User: GATE_USER,
    WorkingDir: '/',
    Entrypoint: ['/bin/sh', '-c', `rm -f ${INSIDE.gate}/*; exec sleep infinity`],
    HostConfig: {
      Init: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      NetworkMode: 'none',
      PidsLimit: 64,
      Memory: 256 * MEBIBYTE,
      MemorySwap: 256 * MEBIBYTE,
      Mounts: [mountGateVolume(name, labels, 'writable')],
      LogConfig: { Type: 'none', Config: {} },
    },
  }
}

/** The shared volume, at the place of the gate folder. Docker makes it with the first container that mounts it. */
export function mountGateVolume(
  name: string,
  labels: Record<string, string>,
  access: 'writable' | 'read-only',
) {
  return {
    Type: 'volume' as const,
    Source: name,
    Target: INSIDE.gate,
    ReadOnly: access === 'read-only',
    VolumeOptions: { NoCopy: false, Labels: labels, DriverConfig: { Name: 'local', Options: {} } },
  }
}
