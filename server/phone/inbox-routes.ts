/** What a paired device sees and does beside single asks. Everything here needs its cookie. */
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import * as z from 'zod'
import type { Desk } from '../desk/desk.ts'
import { Problem, problem } from '../errors.ts'
import type { Device } from '../owner-views.ts'
import { historyPage } from '../pages/inbox/history.tsx'
import { belowPart, inboxPage } from '../pages/inbox/inbox.tsx'
import { INBOX_SCRIPT } from '../pages/inbox/script.ts'
import { settingsPage } from '../pages/inbox/settings.tsx'
import { INBOX_STYLE } from '../pages/inbox/style.ts'
import type { Clock } from '../ports.ts'
import { askId } from '../protocol.ts'
import { sentFields } from './answer-form.ts'
import { appRoutes } from './app-routes.ts'
import { cookieOf, type IsSecure, keepCookie } from './cookie.ts'
import type { People } from './people.tsx'
import { onlyOwnSite } from './visitor.ts'

type Variables = { Variables: { device: Device } }

export type InboxRoutes = Pick<People, 'devices' | 'inbox' | 'live' | 'mood' | 'store' | 'webPush'> & {
  desk: Desk
  clock: Clock
  isSecure: IsSecure
  origins: () => ReadonlySet<string>
}

/** How often an open page hears that the connection lives; some networks end a silent one after a minute. */
const BEAT_MS = 25_000
const PAGE = 50
const bulk = z.strictObject({
  answer: z.enum(['allow', 'deny']),
  asks: z
    .array(z.tuple([askId, z.string().min(1).max(100)]))
    .min(1)
    .max(100),
})
const snooze = z.strictObject({
  minutes: z.coerce
    .number()
    .int()
    .min(0)
    .max(24 * 60),
})
const page = z.object({
  q: z.string().max(200).catch(''),
  before: z.coerce.number().int().positive().optional().catch(undefined),
})

export function inboxRoutes({
  desk,
  devices,
  inbox,
  live,
  mood,
  clock,
  isSecure,
  origins,
  ...app
}: InboxRoutes): Hono<Variables> {
  const { store, webPush } = app
  const routes = new Hono<Variables>()
  const ownSite = onlyOwnSite(origins)

  const paired: MiddlewareHandler<Variables> = async (c, next) => {
    const cookie = cookieOf(c, isSecure)
    const device = devices.paired(cookie)
    if (device === null) throw problem('not-paired')
    c.set('device', device)
    await next()
    // Those that stay open are no use of the device.
    if (c.req.path !== '/events') keepCookie(c, cookie, isSecure)
  }

  routes.route('/', appRoutes({ webPush, store, paired, ownSite }))
  routes.get('/inbox.css', (c) => c.body(INBOX_STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }))
  routes.get('/inbox.js', (c) =>
    c.body(INBOX_SCRIPT, 200, { 'content-type': 'text/javascript; charset=utf-8' }),
  )

  routes.get('/', async (c, next) => {
    // Whoever comes without a cookie is told how to get one; nothing else is shown.
    if (devices.paired(cookieOf(c, isSecure)) === null) return c.redirect('/pair', 303)
    return await next()
  })
  routes.get('/', paired, (c) => c.html(inboxPage(inbox.view())))
  routes.get('/below', paired, (c) => c.html(belowPart(inbox.view())))

  routes.get('/history', paired, (c) => {
    const { q, before } = page.parse(c.req.query())
    const asks = inbox.history(q, before ?? null, PAGE + 1)
    const shown = { asks: asks.slice(0, PAGE), isMore: asks.length > PAGE }
    return c.html(historyPage({ ...shown, search: q, now: clock.now(), count: desk.countPending() }))
  })

  routes.get('/settings', paired, (c) =>
    c.html(
      settingsPage({
        ...{ now: clock.now(), count: desk.countPending(), mood: mood.now() },
        ...{ standing: desk.standing.list(), devices: devices.list(), own: c.get('device').id },
      }),
    ),
  )

  routes.post('/settings/snooze', paired, ownSite, async (c) => {
    const given = snooze.safeParse(Object.fromEntries(await fieldsOf(c)))
    if (!given.success) throw problem('bad-shape', { why: 'it says for how many minutes, up to a day' })
    mood.snooze(given.data.minutes * 60_000)
    return c.redirect('/settings', 303)
  })

  routes.post('/settings/revoke', paired, ownSite, async (c) => {
    desk.standing.revoke(Number((await fieldsOf(c)).get('id')))
    return c.redirect('/settings', 303)
  })

  routes.post('/answers', paired, ownSite, async (c) => {
    const fields = await fieldsOf(c)
    const asks = fields.getAll('ask').map((one) => one.split(' '))
    const given = bulk.safeParse({ answer: fields.get('answer'), asks })
    if (!given.success)
      throw problem('bad-shape', { why: 'it names the questions that were shown, and one answer' })
    let lost: Problem | null = null
    for (const [id, digest] of given.data.asks) {
      // Each on its own: one that somebody else was faster with takes none of the others along.
      await answerOne(c, id, given.data.answer, digest).catch((error: unknown) => {
        if (!(error instanceof Problem)) throw error
        lost = error
      })
    }
    if (lost !== null) throw lost
    return c.req.header('accept')?.includes('application/json') ? c.json({}) : c.redirect('/', 303)
  })

  routes.get('/events', paired, (c) => {
    live.checkRoom()
    const { id: device } = c.get('device')
    return streamSSE(c, (stream) => follow(stream, device))
  })

  return routes

  /** Until the browser leaves, or its device is no more. */
  async function follow(stream: SSEStreamingApi, device: string): Promise<void> {
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    stream.onAbort(end)
    let sent = Promise.resolve()
    const tell = (event: string, data: string) => {
      sent = sent.then(() => stream.writeSSE({ event, data })).catch(end)
    }
    const stop = live.listen({
      ...{ device, tell },
      end() {
        tell('gone', 'null')
        void sent.then(end)
      },
    })
    let cancel = () => {}
    const beat = () => {
      tell('beat', 'null')
      cancel = clock.after(BEAT_MS, beat)
    }
    beat()
    await ended
    cancel()
    stop()
  }

  function answerOne(
    c: Context<Variables>,
    id: z.infer<typeof askId>,
    answer: 'allow' | 'deny',
    digest: string,
  ) {
    if (answer === 'allow' && desk.graveOf(desk.find(id)) !== null) throw problem('not-in-bulk')
    return desk.answer(id, { answer, digest }, 'page', c.get('device').name)
  }
}

async function fieldsOf(c: Context): Promise<URLSearchParams> {
  return new URLSearchParams(await sentFields(c))
}
