/** Where a browser becomes a paired one. GET consumes nothing: previews and prefetches open links, too. */
import { type Context, Hono } from 'hono'
import type { Devices } from '../devices/devices.ts'
import type { Pairing } from '../devices/pairing.ts'
import { toCode } from '../devices/secrets.ts'
import { problem } from '../errors.ts'
import { codePage, pairPage, waitingPage } from '../pages/inbox/pairing.tsx'
import { cookieOf, dropCookie, type IsSecure, keepCookie } from './cookie.ts'
import { browserName } from './device.ts'
import { onlyOwnSite } from './visitor.ts'

export type PairingRoutes = {
  devices: Devices
  pairing: Pairing
  isSecure: IsSecure
  origins: () => ReadonlySet<string>
}

/** Below `/pair`. */
export function pairingRoutes({ devices, pairing, isSecure, origins }: PairingRoutes): Hono {
  const routes = new Hono()
  const browserOf = (c: Context) => browserName(c.req.header('user-agent') ?? '')

  routes.get('/', (c) => {
    const device = devices.find(cookieOf(c, isSecure))
    if (device?.isPaired) return c.redirect('/', 303)
    if (device !== null) return c.html(waitingPage({ device: device.name }))
    // Whoever was refused at the desk is told here, as his cookie leads to nothing now.
    dropCookie(c, isSecure)
    return c.html(codePage({}))
  })

  routes.post('/', onlyOwnSite(origins), async (c) => {
    const form = await c.req.formData().catch(() => null)
    const typed = form?.get('code')
    const code = typeof typed === 'string' ? toCode(typed) : ''
    if (!pairing.fits(code)) return c.html(codePage({ wrong: true }), 410)
    return claim(c, code)
  })

  routes.get('/:token', (c) => {
    if (!pairing.fits(c.req.param('token'))) throw problem('pairing-over')
    return c.html(pairPage({ browser: browserOf(c) }))
  })

  routes.post('/:token', onlyOwnSite(origins), (c) => claim(c, c.req.param('token')))

  return routes

  function claim(c: Context, secret: string): Response {
    const { cookie } = pairing.claim(secret, browserOf(c))
    keepCookie(c, cookie, isSecure)
    return c.redirect('/pair', 303)
  }
}
