/** `rc hooks install --container` and `uninstall --container`: the files, the door, the settings, in this order. */
import type { Engine } from '../../container/engine.ts'
import { type PreparedGuest, prepareGuest, removeGuest } from '../../container/sites/guest.ts'
import { IN_GUEST } from '../../container/sites/guest-files.ts'
import type { Wanted } from '../../hooks/install/block.ts'
import { createOwnerClient } from '../../server/client.ts'
import { createBox, type House } from '../compose.ts'
import { CommandError } from '../errors.ts'
import { guestDetails } from '../guest-details.ts'
import type { Output } from '../output.ts'
import { ensureResponder } from '../responder.ts'
import { groupsFor } from './block.ts'
import { askInside } from './inside.ts'

type Request = { container: string; transport: 'gate' | 'tcp'; user?: string; wanted: Wanted; output: Output }

/** Running it twice gives the container a new token, and changes nothing else that still fits. */
export async function installInGuest(house: House, request: Request): Promise<void> {
  const { container, transport, user, wanted, output } = request
  const { dist, paths, config } = house
  const { engine } = createBox(house)
  const guest = await prepareGuest({
    engine,
    container,
    user: user ?? null,
    programs: { hooks: dist.hooks, gate: dist.gate, install: dist.installer, node: process.execPath },
    onProgress: output.note,
  })
  const details = { container: guest.container.id, user: guest.container.user, node: guest.node }
  const address = transport === 'tcp' ? await addressFor(engine, guest) : null
  await ensureResponder(paths, house.env)
  const client = createOwnerClient(paths.ownerSocket)
  const { token } = await client.admitGuest({ name: guest.name, address, details })
  if (token !== null) await putToken(engine, guest, token)
  const places = {
    node: guest.node,
    hooksDir: IN_GUEST.hooks,
    door:
      address === null
        ? ['--gate', IN_GUEST.gate]
        : ['--url', `http://${address}:${config.responder.hook_port}`, '--token', TOKEN],
    log: `${IN_GUEST.gate}/hooks.log`,
  }
  const groups = groupsFor(house, places, wanted)
  const { file } = await askInside(house, details, { action: 'install', groups })
  output.print(
    `Hooks for ${groups.length} events stand in ${file} of the container ${guest.name}, for its user ${guest.container.user}.`,
  )
  output.note('rc hooks status tells whether they reach us. They go with the container.')
}

/** In the folder that its user may write to: the hooks run as that user. */
const TOKEN = `${IN_GUEST.gate}/token`

/** Never an argument: whoever lists processes would see it. */
async function putToken(engine: Engine, { name, container }: PreparedGuest, token: string): Promise<void> {
  const script = `umask 077; rm -f ${TOKEN}; cat > ${TOKEN}`
  const { exitCode } = await engine.execIn(container.id, ['sh', '-c', script], {
    user: container.user,
    stdin: token,
  })
  if (exitCode === 0) return
  throw new CommandError(
    'token-not-written',
    `The token could not be written into the container ${name}.`,
    'Is its disk full? Without --transport tcp none is needed.',
  )
}

/** The engine's own address on a network of the container. */
async function addressFor(engine: Engine, { name, container }: PreparedGuest): Promise<string> {
  const found = await engine.findContainer(container.id)
  const address = found?.networks.find(({ gateway }) => gateway !== null)?.gateway
  if (address != null) return address
  throw new CommandError(
    'no-network',
    `The container ${name} has no network on which this machine has an address.`,
    'Leave out --transport tcp: the gate needs no network.',
  )
}

/** It is not heard from the first step on; what cannot be taken out of a container that is gone went with it. */
export async function uninstallFromGuest(
  house: House,
  { container, output }: { container: string; output: Output },
): Promise<void> {
  await ensureResponder(house.paths, house.env)
  const client = createOwnerClient(house.paths.ownerSocket)
  const { guest } = await client.revokeGuest(container)
  const details = guestDetails.parse(guest.details)
  const { engine } = createBox(house)
  const found = await engine.findContainer(details.container)
  if (found === null) {
    output.print(`The container ${guest.name} is gone, and our hooks with it.`)
  } else {
    await askInside(house, details, { action: 'uninstall' })
    await removeGuest(engine, { id: details.container, user: details.user })
    output.print(`The container ${guest.name} has no hooks of ours any more.`)
  }
  await client.forgetGuest(guest.id)
}
