/** Pairing and paired devices, for the local user's command line. */
import { Hono } from 'hono'
import * as z from 'zod'
import type { Devices } from '../../devices/devices.ts'
import type { Pairing } from '../../devices/pairing.ts'
import { readJson } from '../body.ts'
import type { Variables } from '../person.ts'

export type DeviceRoutes = { devices: Devices; pairing: Pairing }

const beginning = z.strictObject({ kind: z.enum(['link', 'code']) })
const decision = z.strictObject({ device: z.string().max(200), yes: z.boolean() })
const revocation = z.union([
  z.strictObject({ name: z.string().max(200) }),
  z.strictObject({ all: z.literal(true) }),
])

/** Below the owner's door; they throw as long as there is nothing to open. */
export function deviceRoutes(known: () => DeviceRoutes): Hono<Variables> {
  const routes = new Hono<Variables>()
  routes.get('/devices', (c) => c.json(known().devices.list()))
  routes.post('/devices/revoke', async (c) => {
    const given = await readJson(c, revocation)
    const { devices } = known()
    return c.json('all' in given ? devices.revokeAll() : [devices.revoke(given.name)])
  })
  routes.get('/pairing', (c) => c.json(known().pairing.view()))
  routes.post('/pairing', async (c) => c.json(known().pairing.begin((await readJson(c, beginning)).kind)))
  routes.post('/pairing/decide', async (c) => {
    const { device, yes } = await readJson(c, decision)
    known().pairing.decide(device, yes)
    return c.body(null, 204)
  })
  routes.post('/pairing/cancel', (c) => {
    known().pairing.cancel()
    return c.body(null, 204)
  })
  return routes
}
