/** What makes the inbox an app that rings: manifest, icons, worker, and subscriptions of paired browsers. */
import { Hono, type MiddlewareHandler } from 'hono'
import * as z from 'zod'
import { readJson } from '../doors/body.ts'
import { problem } from '../errors.ts'
import type { Device } from '../owner-views.ts'
import { ICONS } from '../pages/inbox/icons.ts'
import { MANIFEST, RING_SCRIPT, WORKER } from '../pages/inbox/worker.ts'
import type { WebPush } from '../push/web/service.ts'
import type { Store } from '../store/store.ts'

type Variables = { Variables: { device: Device } }

export type AppRoutes = {
  webPush: Pick<WebPush, 'publicKey'>
  store: Pick<Store, 'putSubscription' | 'dropSubscriptionsOf'>
  /** Lets only paired browsers through, and sets which one it is. */
  paired: MiddlewareHandler<Variables>
  ownSite: MiddlewareHandler
}

/** A key is a point of 65 bytes, the secret has 16: RFC 8291, 3.1 and 3.2. */
const subscription = z.object({
  endpoint: z.url({ protocol: /^https$/ }).max(1_000),
  keys: z.object({
    p256dh: z.string().regex(/^B[A-Za-z0-9_-]{86}=?$/),
    auth: z.string().regex(/^[A-Za-z0-9_-]{22}={0,2}$/),
  }),
})

export function appRoutes({ webPush, store, paired, ownSite }: AppRoutes): Hono<Variables> {
  const routes = new Hono<Variables>()
  const js = { 'content-type': 'text/javascript; charset=utf-8' }

  routes.get('/sw.js', (c) => c.body(WORKER, 200, js))
  routes.get('/ring.js', (c) => c.body(RING_SCRIPT, 200, js))
  routes.get('/manifest.webmanifest', (c) =>
    c.body(MANIFEST, 200, { 'content-type': 'application/manifest+json' }),
  )
  routes.get('/:icon{icon-[0-9]+[.]png}', (c) => {
    const icon = ICONS[/\d+/.exec(c.req.param('icon'))?.[0] ?? '']
    if (icon === undefined) throw problem('not-found')
    return c.body(icon, 200, { 'content-type': 'image/png' })
  })

  routes.get('/push/key', paired, async (c) => c.text(await webPush.publicKey()))
  routes.post('/push/subscribe', paired, ownSite, async (c) => {
    const { endpoint, keys } = await readJson(c, subscription)
    store.putSubscription({ endpoint, device: c.get('device').id, ...keys })
    return c.body(null, 204)
  })
  routes.post('/push/unsubscribe', paired, ownSite, (c) => {
    store.dropSubscriptionsOf(c.get('device').id)
    return c.body(null, 204)
  })
  return routes
}
