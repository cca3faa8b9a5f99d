/** What the local user's command line may do: everything. Who may connect is the socket's file permission; a Claude may only read. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import type { Ask } from '../asks/ask.ts'
import { LEVELS } from '../attention/decide.ts'
import type { Desk } from '../desk/desk.ts'
import { problem } from '../errors.ts'
import type { Log } from '../ports.ts'
import { type AskView, answer, askId } from '../protocol.ts'
import type { MoodKeeper } from '../push/mood.ts'
import { limitBody, readJson } from './body.ts'
import { type ForeignClaudes, siteRoutes } from './foreign.ts'
import { type DeviceRoutes, deviceRoutes } from './owner/devices.ts'
import { type PersonOptions, personGuard, type Variables } from './person.ts'
import { respondProblem, toProblem } from './problems.ts'

export type OwnerDoorOptions = PersonOptions & {
  /** Both throw as long as there is none: whoever holds the socket of this door has yet to make them. */
  desk: () => Desk
  sites: () => ForeignClaudes
  mood: () => MoodKeeper
  people: () => DeviceRoutes
  log: Log
  status: () => Promise<Record<string, unknown>>
  sync: () => Promise<void>
  stop: () => void
}

const DAY_MS = 24 * 60 * 60_000
const moodChange = z.union([
  z.strictObject({
    snooze_ms: z
      .number()
      .int()
      .min(0)
      .max(7 * DAY_MS),
  }),
  z.strictObject({ level: z.enum(LEVELS), until: z.number().int().positive().nullable() }),
])

const testOfPushes = z.strictObject({
  name: z.string().min(1).max(200),
  forMs: z.number().int().min(1_000).max(DAY_MS),
  only: z.string().max(50).optional(),
  isSilent: z.boolean().default(false),
  isSession: z.boolean().default(false),
})

const failedStart = z.object({ why: z.string().max(10_000) })

/** The owner's door, without a socket. */
export function createOwnerDoor({
  desk,
  sites,
  mood,
  people,
  log,
  status,
  sync,
  stop,
  ...person
}: OwnerDoorOptions) {
  const door = new Hono<Variables>()
  door.use(limitBody(256 * 1024))
  door.use(personGuard(person))

  /** A link to the page answers for whoever has it, so only a person is shown one. */
  const view = (c: Context<Variables>, ask: Ask): AskView =>
    c.get('caller') === 'person' ? desk().view(ask) : { ...desk().view(ask), url: null }

  door.post('/person', (c) => c.body(null, 204))

  door.get('/status', async (c) => c.json(await status()))

  door.get('/asks', (c) => {
    const session = c.req.query('session')
    const asks = desk().list({ all: Boolean(c.req.query('all')) })
    return c.json(
      asks.filter((ask) => session === undefined || ask.sessionName === session).map((ask) => view(c, ask)),
    )
  })

  door.get('/asks/:id', (c) => {
    const ask = desk().find(parseId(c.req.param('id')))
    return c.json({ ...view(c, ask), pushes: desk().pushesOf(ask) })
  })

  door.post('/asks/:id/answer', async (c) => {
    const id = parseId(c.req.param('id'))
    const given = await readJson(c, answer)
    try {
      return c.json({ ask: desk().view(await desk().answer(id, given, 'cli')) })
    } catch (error) {
      return respondProblem(c, toProblem(error, log), { ask: desk().view(desk().find(id)) })
    }
  })

  door.post('/sessions/:name/look', async (c) => {
    const ask = await desk().look(c.req.param('name'))
    return c.json({ ask: ask === null ? null : view(c, ask) })
  })

  door.post('/sessions/:name/failed', async (c) => {
    desk().startFailed(c.req.param('name'), (await readJson(c, failedStart)).why)
    return c.body(null, 204)
  })

  door.get('/standing', (c) => c.json(desk().standing.list()))

  door.post('/standing/:id/revoke', (c) => {
    desk().standing.revoke(Number(c.req.param('id')))
    return c.body(null, 204)
  })

  door.get('/audit', (c) => c.json(desk().auditAfter(Number(c.req.query('after') ?? 0) || 0)))

  door.post('/mood', async (c) => {
    const given = await readJson(c, moodChange)
    return c.json(
      'level' in given ? mood().setLevel(given.level, given.until) : mood().snooze(given.snooze_ms),
    )
  })

  door.post('/tests', async (c) => {
    const { only, ...given } = await readJson(c, testOfPushes)
    const ask = await desk().test({ ...given, ...(only !== undefined && { only }) })
    return c.json({ ...view(c, ask), pushes: desk().pushesOf(ask) })
  })

  door.post('/tests/:id/end', (c) => {
    desk().endTest(parseId(c.req.param('id')))
    return c.body(null, 204)
  })

  door.post('/reminders', async (c) => c.json(await desk().remind()))

  door.route('/', deviceRoutes(people))
  door.route('/sites', siteRoutes({ sites, sync }))

  door.post('/sessions/sync', async (c) => {
    await sync()
    return c.body(null, 204)
  })

  door.post('/stop', (c) => {
    stop()
    return c.body(null, 202)
  })

  door.notFound((c) => respondProblem(c, problem('not-found')))
  door.onError((error, c) => respondProblem(c, toProblem(error, log)))
  return door
}

function parseId(text: string) {
  const parsed = askId.safeParse(text)
  if (!parsed.success) throw problem('not-found')
  return parsed.data
}
