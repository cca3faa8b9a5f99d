/** Containers that hooks were installed in: what stands in them, and whether it works. */
import type { Guest } from '../../server/owner-views.ts'
import { guestDetails } from '../house/guest-details.ts'
import type { House } from '../house/house.ts'
import { type Finding, findProblems } from './findings.ts'
import { askInside } from './inside.ts'

export type GuestStatus = {
  name: string
  way: 'gate' | 'tcp'
  events: string[]
  findings: Finding[]
  lastTrouble: string | null
}

/** Each is looked at from inside. */
export async function findGuests(house: House, guests: readonly Guest[]): Promise<GuestStatus[]> {
  return await Promise.all(guests.map((guest) => lookAt(house, guest)))
}

async function lookAt(house: House, { name, address, revokedAt, details }: Guest): Promise<GuestStatus> {
  const way = address === null ? 'gate' : 'tcp'
  const again = `rc hooks install --container ${name}${address === null ? '' : ' --transport tcp'}`
  const status = { name, way, events: [], findings: [], lastTrouble: null } satisfies GuestStatus
  try {
    const answer = await askInside(house, guestDetails.parse(details), { action: 'status' })
    if (!('health' in answer)) return status
    const { health } = answer
    const events = health.groups.map(({ event }) => event)
    const { lastTrouble } = health
    if (revokedAt !== null && events.length > 0) {
      const problem = `The hooks in the container ${name} are not heard any more: they were revoked.`
      return {
        ...status,
        events,
        lastTrouble,
        findings: [{ problem, remedy: `Run: ${again}, or rc hooks uninstall --container ${name}` }],
      }
    }
    const where = `the container ${name}`
    const findings = findProblems(health, { where, again, isHeard: true })
    if (!health.isSwitchedOff || events.length === 0) return { ...status, events, lastTrouble, findings }
    const problem = `disableAllHooks is true in ${answer.file} of ${where}, so Claude Code runs none of them.`
    const off = { problem, remedy: 'Take it out of that file, or set it to false.' }
    return { ...status, events, lastTrouble, findings: [...findings, off] }
  } catch (error) {
    const { message, remedy } = error as Error & { remedy?: string }
    if (remedy === undefined) throw error
    return { ...status, findings: [{ problem: message, remedy }] }
  }
}
