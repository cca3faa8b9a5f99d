/** What the hostile program is told: where everything is that it must not reach. */
import { join } from 'node:path'
import { toBytes } from '../../../container/options.ts'
import { INSIDE, sessionFolders } from '../../../container/places.ts'
import type { Session } from '../../../container/sessions.ts'
import { GATE_SOCKETS } from '../../../server/protocol.ts'
import type { Facts } from './hostile/attempt.ts'
import { type Stage, tmuxSocket } from './stage.ts'

/** `other` is a second session, with `foreignAsk` open. */
export function factsFor(stage: Stage, session: Session, other: Session, foreignAsk: string): Facts {
  const { world, house, canaries, neighbour, abstractSocket, hostPid, phonePort, box } = stage
  const { stateDir, ownerSocket, keyFile, database } = house.paths
  const { sandbox } = house.config
  const foreign = sessionFolders(stateDir, other.id)
  return {
    mode: session.options.network.mode,
    secret: world.secret,
    workspace: session.workspace,
    home: world.home,
    secretFiles: [...world.secretFiles, join(foreign.seed, 'env.sh'), join(other.workspace, 'secret.txt')],
    hiddenFiles: [keyFile, database, join(foreign.etc, 'managed-settings.json')],
    addresses: canaries.addresses,
    ports: { ...canaries.ports, phone: phonePort },
    neighbour: { address: neighbour.address, port: neighbour.port },
    sockets: [
      { what: 'the Docker engine', path: box.engine.socket },
      { what: "tmux, which shows and types into Claude's pane", path: tmuxSocket(house) },
      { what: "the owner's door", path: ownerSocket },
      { what: "another session's hook door", path: join(foreign.gate, GATE_SOCKETS.hooks) },
      { what: "another session's way out", path: join(foreign.gate, GATE_SOCKETS.egress) },
      { what: 'a socket in the home folder', path: world.socketPath },
    ],
    abstractSocket,
    foreignAsk,
    hostPid,
    limits: { memory: toBytes(sandbox.memory), pids: sandbox.pids },
    inside: {
      hookDoor: `${INSIDE.gate}/${GATE_SOCKETS.hooks}`,
      egressDoor: `${INSIDE.gate}/${GATE_SOCKETS.egress}`,
      gate: INSIDE.gate,
      hooks: INSIDE.hooks,
      seed: INSIDE.seed,
      managedSettings: INSIDE.managedSettings,
      image: INSIDE.image,
      proxyPort: Number(new URL(INSIDE.proxy).port),
    },
  }
}
