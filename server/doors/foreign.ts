/** The part of the owner's door that is about Claudes which we did not start. */
import { Hono } from 'hono'
import * as z from 'zod'
import { problem } from '../errors.ts'
import type { Guest, NewGuest, Probe, SitesView } from '../owner-views.ts'
import { jsonObject } from '../protocol.ts'
import { readJson } from './body.ts'

const newGuest = z.object({
  name: z.string().min(1).max(200),
  address: z.union([z.ipv4(), z.ipv6()]).nullable(),
  details: jsonObject,
})

const newProbe = z.object({ claude_session: z.uuid() })

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
  probes: {
    /** From now on the Claude with that session id is only heard. */
    expect(claudeSession: string): void
    /** What was heard of it; null for one that is not expected. */
    heard(claudeSession: string): Probe | null
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

  routes.post('/probes', async (c) => {
    sites().probes.expect((await readJson(c, newProbe)).claude_session)
    return c.body(null, 204)
  })

  routes.get('/probes/:id', (c) => {
    const probe = sites().probes.heard(c.req.param('id'))
    if (probe === null) throw problem('not-found')
    return c.json(probe)
  })

  return routes
}
