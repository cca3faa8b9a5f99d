/** The part of the owner's door that is about Claudes which we did not start. */
import { Hono } from 'hono'
import * as z from 'zod'
import type { Guest, NewGuest, SitesView } from '../owner-views.ts'
import { jsonObject } from '../protocol.ts'
import { readJson } from './body.ts'

const newGuest = z.object({
  name: z.string().min(1).max(200),
  address: z.union([z.ipv4(), z.ipv6()]).nullable(),
  details: jsonObject,
})

/** What the owner's door needs of whoever keeps them. */
export type ForeignClaudes = {
  view(): SitesView
  guests: {
    /** Takes a container in, or once more; the token is for one that is not reached over a gate. */
    admit(guest: NewGuest): Promise<{ guest: Guest; token: string | null }>
    /** Both throw `no-such-guest`. */
    revoke(name: string): Guest
    forget(name: string): void
  }
  /** The folder of a site's door. */
  folderOf(id: string): string
}

type Parts = { sites: () => ForeignClaudes; sync: () => Promise<void> }

/** Doors follow at once whatever is changed here. */
export function siteRoutes({ sites, sync }: Parts): Hono {
  const routes = new Hono()

  routes.get('/', (c) => c.json(sites().view()))

  routes.post('/guests', async (c) => {
    const admitted = await sites().guests.admit(await readJson(c, newGuest))
    await sync()
    return c.json({ ...admitted, folder: sites().folderOf(admitted.guest.id) }, 201)
  })

  routes.post('/guests/:name/revoke', async (c) => {
    const guest = sites().guests.revoke(c.req.param('name'))
    await sync()
    return c.json({ guest })
  })

  routes.post('/guests/:name/forget', async (c) => {
    sites().guests.forget(c.req.param('name'))
    await sync()
    return c.body(null, 204)
  })

  return routes
}
