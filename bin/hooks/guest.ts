/** `rc hooks install --container` and `uninstall --container`: the files, the door, the settings, in this order. */

import type { Engine } from '../../container/docker/engine.ts'
import { IN_GUEST } from '../../container/guests/files.ts'
import { type PreparedGuest, prepareGuest, removeGuest } from '../../container/guests/guest.ts'
import type { Wanted } from '../../hooks/install/block.ts'
import { compareVersions } from '../../hooks/versions.ts'
import { createOwnerClient } from '../../server/client.ts'
import { jsonObject } from '../../server/protocol.ts'
import { CommandError } from '../cli/errors.ts'
import type { Output } from '../cli/output.ts'
import { createBox } from '../house/box.ts'
import { type GuestDetails, guestDetails } from '../house/guest-details.ts'
import type { House } from '../house/house.ts'
import { ensureResponder } from '../house/running-responder.ts'
import { groupsFor, tellLeftOut } from './block.ts'
import { forbidden } from './findings.ts'
import { askInside } from './inside.ts'
import { findClaudes } from './reader.ts'

type Request = {
  container: string
  transport: 'gate' | 'tcp'
  user?: string
  wanted: Omit<Wanted, 'version'>
  output: Output
}

/** Running it twice gives the container a new token, and changes nothing else that still fits. */
export async function installInGuest(house: House, request: Request): Promise<void> {
  const { container, user, output } = request
  const { dist, paths } = house
  const { engine } = createBox(house)
  await ensureResponder(paths, house.env)
  const { guests } = await createOwnerClient(paths.ownerSocket).sites()
  const known = new Set(guests.map(({ name }) => name))
  const guest = await prepareGuest({
    engine,
    container,
    user: user ?? null,
    programs: { hooks: dist.hooks, gate: dist.gate, install: dist.installer, node: process.execPath },
    onProgress: output.note,
  })
  try {
    await admit(house, guest, request, engine)
  } catch (error) {
    // One that works already keeps what it has; of another one nothing stays.
    if (!known.has(guest.name)) await cleanUp(house, guest, engine)
    throw error
  }
}

async function admit(house: House, guest: PreparedGuest, request: Request, engine: Engine): Promise<void> {
  const { transport, output } = request
  const { paths, config } = house
  const { configDir } = guest
  const details: GuestDetails = {
    container: guest.container.id,
    user: guest.container.user,
    node: guest.node,
    ...(configDir !== null && { configDir }),
  }
  const looked = await askInside(house, details, { action: 'status' })
  if ('health' in looked && looked.health.policy?.isSure) {
    const { problem, remedy } = forbidden(looked.health.policy)
    throw new CommandError('hooks-forbidden', `In the container: ${problem}`, remedy)
  }
  const address = transport === 'tcp' ? await addressFor(engine, guest) : null
  const places = {
    node: guest.node,
    hooksDir: IN_GUEST.hooks,
    door:
      address === null
        ? ['--gate', IN_GUEST.gate]
        : ['--url', `http://${address}:${config.responder.hook_port}`, '--token', TOKEN],
    log: `${IN_GUEST.gate}/hooks.log`,
  }
  const keptIn = await findKeeper(engine, guest, looked.file)
  const wanted = { ...request.wanted, version: await oldestReader(house, guest, keptIn) }
  const groups = groupsFor(house, places, wanted)
  const client = createOwnerClient(paths.ownerSocket)
  const { token } = await client.admitGuest({
    name: guest.name,
    address,
    details: jsonObject.parse({ ...details, keptIn }),
  })
  if (token !== null) await putToken(engine, guest, token)
  const { file } = await askInside(house, details, { action: 'install', groups })
  output.print(
    `Hooks for ${groups.length} events stand in ${file} of the container ${guest.name}, for its user ${guest.container.user}.`,
  )
  tellLeftOut(wanted, output)
  output.note(
    `rc hooks status tells whether they reach us. ${keptIn === '' ? 'They go with the container.' : `That file is in ${keptIn} and outlives the container.`}`,
  )
}

/** A file of this machine is read by this machine's Claude too. */
async function oldestReader(house: House, { claude }: PreparedGuest, keptIn: string): Promise<string | null> {
  const [own] = keptIn.endsWith(OF_HERE) ? await findClaudes(house) : []
  if (own === undefined || claude === null) return claude
  return compareVersions(own.version, claude) < 0 ? own.version : claude
}

const OF_HERE = ' of this machine'

/** What holds a file and outlives the container, as a person calls it; empty for the container itself. */
async function findKeeper(engine: Engine, { container }: PreparedGuest, file: string): Promise<string> {
  const mounts = (await engine.findContainer(container.id))?.mounts ?? []
  const holding = mounts.filter(
    ({ target }) => file === target || file.startsWith(`${target.replace(/\/$/, '')}/`),
  )
  const [nearest] = holding.sort((one, other) => other.target.length - one.target.length)
  if (nearest === undefined || nearest.type === 'tmpfs') return ''
  return nearest.type === 'volume' ? `the volume ${nearest.source}` : `${nearest.source}${OF_HERE}`
}

async function cleanUp(house: House, { name, container }: PreparedGuest, engine: Engine): Promise<void> {
  await removeGuest(engine, container).catch(() => {})
  await createOwnerClient(house.paths.ownerSocket)
    .forgetGuest(name)
    .catch(() => {})
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
    output.print(`The container ${guest.name} is gone. ${whatStays(details)}`)
  } else {
    await askInside(house, details, { action: 'uninstall' })
    await removeGuest(engine, { id: details.container, user: details.user })
    output.print(`The container ${guest.name} has no hooks of ours any more.`)
  }
  await client.forgetGuest(guest.id)
}

function whatStays({ keptIn }: GuestDetails): string {
  if (keptIn === '') return 'Our hooks went with it.'
  const where =
    keptIn === undefined
      ? 'Whether its settings were on a volume is not known: then our hooks'
      : `Its settings are in ${keptIn}: there our hooks`
  return `${where} still stand, and end at once without a word. To take them out, run rc hooks install and then rc hooks uninstall for a container that has it.`
}
