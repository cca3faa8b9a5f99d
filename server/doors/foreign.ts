/** The part of the owner's door that is about Claudes which we did not start. */
import { Hono } from 'hono'
import * as z from 'zod'
import type { SiteKeeper } from '../foreign/keeper.ts'
import { jsonObject } from '../protocol.ts'
import { readJson } from './body.ts'

const newGuest = z.object({
  name: z.string().min(1).max(200),
  address: z.union([z.ipv4(), z.ipv6()]).nullable(),
  details: jsonObject,
})

/** Doors follow at once whatever is changed here. */
export function siteRoutes({ sites, sync }: { sites: SiteKeeper; sync: () => Promise<void> }): Hono {
  const routes = new Hono()

  routes.get('/', (c) => c.json(sites.view()))

  routes.post('/guests', async (c) => {
    const admitted = await sites.guests.admit(await readJson(c, newGuest))
    await sync()
    return c.json({ ...admitted, folder: sites.folderOf(admitted.guest.id) }, 201)
  })

  routes.post('/guests/:name/revoke', async (c) => {
    const guest = sites.guests.revoke(c.req.param('name'))
    await sync()
    return c.json({ guest })
  })

  routes.post('/guests/:name/forget', async (c) => {
    sites.guests.forget(c.req.param('name'))
    await sync()
    return c.body(null, 204)
  })

  return routes
}
