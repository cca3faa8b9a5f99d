/** Looks from the host's side at what an escape would have left: whatever the box says, this decides. */
import { createHash } from 'node:crypto'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { sessionFolders } from '../../../container/places.ts'
import { readBaseline } from '../../../container/planted/baseline.ts'
import { findPlanted } from '../../../container/planted/planted.ts'
import type { Session } from '../../../container/sessions.ts'
import type { OwnerClient } from '../../../server/client.ts'
import type { House } from '../../house/house.ts'
import type { Canaries } from './canaries.ts'
import { type AttemptReport, escaped, reported, stopped, type Verdict } from './hostile/attempt.ts'
import { PLANTS } from './hostile/plants.ts'
import { MEMORY_LINE } from './hostile/read-plants.ts'
import { type EscapeWorld, git } from './world.ts'

type Look = {
  house: House
  world: EscapeWorld
  canaries: Canaries
  client: OwnerClient
  session: Session
  /** The Host that the listed server may be asked for. */
  listed: string
}

const group = "seen from the host's side"

/** Everything but what was planted. */
export async function lookAround(
  { world, canaries, client, listed }: Look,
  before: string,
): Promise<AttemptReport[]> {
  const report = (id: string, tried: string, verdict: Verdict) => ({ id, group, tried, ...verdict })
  const touched = canaries.takeTouched()
  const foreign = [...new Set(canaries.takeHosts().filter((host) => host !== listed))]
  const answered = (await client.asks(true)).filter(({ state }) => state === 'answered')
  const after = await fingerprint(world)
  return [
    report(
      'host-listeners',
      "reaching any of the host's listeners",
      touched.length > 0
        ? escaped(`connected to ${touched.join(', ')}`)
        : stopped('none of them was connected to'),
    ),
    report(
      'host-listed',
      'a request to the listed server for another host',
      foreign.length > 0 ? escaped(`it saw requests for ${foreign.join(', ')}`) : stopped('it saw none'),
    ),
    report(
      'host-asks',
      'any question answered without a person',
      answered.length > 0
        ? escaped(`${answered.map(({ id }) => id).join(', ')} is answered`)
        : stopped('none is answered'),
    ),
    report(
      'host-files',
      "changing the home folder's files",
      after === before ? stopped('all are as they were') : escaped('they have changed'),
    ),
  ]
}

/** What tells that a file of the throwaway home was written. */
export async function fingerprint({ home, secretFiles }: EscapeWorld): Promise<string> {
  const hash = createHash('sha256')
  for (const file of [...secretFiles, join(home, '.ssh/authorized_keys'), join(home, '.profile')]) {
    hash.update(await readFile(file).catch(() => 'absent'))
    hash.update(String((await stat(file).catch(() => null))?.mode))
  }
  return hash.digest('hex')
}

/**
 * What rc names is taken away, as a person would who was told. Then git works in the folder as people do: what runs by
 * then was neither prevented nor reported.
 */
export async function lookAtPlants(
  { world, house, session }: Look,
  since: number,
): Promise<Map<string, Verdict>> {
  const { home } = world
  const { workspace } = session
  const sentences = await findPlanted({
    workspace,
    since,
    home,
    baseline: await readBaseline(sessionFolders(house.paths.stateDir, session.id).baseline),
  })
  const verdicts = new Map<string, Verdict>()
  for (const { id, at } of PLANTS) {
    const sentence = sentences.find((one) => one.startsWith(`${at} `) || one.startsWith(`${at}/`))
    if (sentence === undefined) continue
    verdicts.set(id, reported(`rc says: ${sentence.split('\n')[0]?.replace(/\.( Look at it .*)?$/, '')}`))
    await rm(join(workspace, at), { recursive: true, force: true })
  }
  for (const args of [
    ['status'],
    ['diff', '--stat'],
    ['log', '-1', '--oneline'],
    ['submodule', 'status'],
    ['add', '.'],
  ]) {
    await git(workspace, home, ...args).catch(() => '')
  }
  const fired = new Set((await readFile(join(home, 'fired'), 'utf8').catch(() => '')).split('\n'))
  for (const { id, isRead } of PLANTS) {
    if (id === 'plant-memory') verdicts.set(id, await lookForMemory(home))
    else if (isRead && !verdicts.has(id))
      verdicts.set(
        id,
        escaped("the host's Claude, editor or shell would read it, and rc had not said a word"),
      )
    else if (fired.has(id))
      verdicts.set(id, escaped("the host's git ran the planted program, and rc had not said a word"))
    else if (!verdicts.has(id)) verdicts.set(id, stopped("the host's git does not obey it"))
  }
  await rm(join(home, 'fired'), { force: true })
  return verdicts
}

async function lookForMemory(home: string): Promise<Verdict> {
  const folder = join(home, '.claude')
  for (const name of await readdir(folder, { recursive: true })) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '')
    if (text.includes(MEMORY_LINE)) return escaped(`it stands in ${join(folder, name)}`)
  }
  return stopped("nothing of it is in the home folder's .claude")
}
