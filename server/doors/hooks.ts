/** What hooks may do: ask, wait, take back, tell. They can never answer, and never see asks of another door. */
import { Hono } from 'hono'
import type { Desk } from '../desk/desk.ts'
import { problem } from '../errors.ts'
import type { Log } from '../ports.ts'
import {
  type AskAccepted,
  type AskId,
  askDraft,
  askId,
  hookResult,
  MAX_ASK_BYTES,
  OUTCOME_SLICE_MS,
  PROTOCOL_VERSION,
  type SessionId,
  signal,
  turnEnd,
  withdrawal,
} from '../protocol.ts'
import { limitBody, limitFlow, readJson } from './body.ts'
import type { Callers } from './callers.ts'
import { respondProblem, toProblem } from './problems.ts'
import { createVersionWatch } from './version-watch.ts'

/** Claude tells of its calls with their whole input; a megabyte a second is more than it ever writes. */
const FLOW = { most: 16 * 1024 * 1024, inMs: 16_000 }

type Options = { desk: Desk; callers: Callers; log: Log; testedClaude?: readonly string[] }

/** The door, without a socket. Whose it is follows from `callers`, never from what is said. */
export function createHookDoor({ desk, callers, log, testedClaude = [] }: Options): Hono {
  const noteVersion = createVersionWatch({ log, tested: testedClaude })
  const door = new Hono()
  door.use(limitFlow(FLOW, MAX_ASK_BYTES))
  door.use(limitBody(MAX_ASK_BYTES))

  /** The session that an ask is one of; an ask of another door is as unknown as one that never was. */
  function ownerOf(id: AskId): SessionId {
    const { session } = desk.find(id)
    if (!callers.has(session)) throw problem('not-found')
    return session
  }

  door.post('/asks', async (c) => {
    const draft = await readJson(c, askDraft)
    if (callers.isProbe(draft.context, EVENTS[draft.kind])) return c.body(null, 204)
    // Nothing is kept or logged of it: a cron job asks all day.
    if (desk.skips(draft)) return c.body(null, 204)
    const session = callers.enter(draft.context, EVENTS[draft.kind], true)
    noteVersion(session, draft.context)
    const ask = desk.open(session, draft)
    const accepted: AskAccepted = {
      v: PROTOCOL_VERSION,
      id: ask.id,
      deadline: ask.deadline,
      slice_ms: OUTCOME_SLICE_MS,
    }
    return c.json(accepted, 201)
  })

  door.get('/asks/:id/outcome', async (c) => {
    const id = parseId(c.req.param('id'))
    return c.json(await desk.outcome(ownerOf(id), id, OUTCOME_SLICE_MS, c.req.raw.signal))
  })

  door.post('/asks/:id/result', async (c) => {
    const id = parseId(c.req.param('id'))
    desk.hookSaw(ownerOf(id), id, await readJson(c, hookResult))
    return c.body(null, 204)
  })

  door.post('/asks/:id/withdraw', async (c) => {
    const id = parseId(c.req.param('id'))
    await desk.withdraw(ownerOf(id), id, (await readJson(c, withdrawal)).because)
    return c.body(null, 204)
  })

  door.post('/asks/:id/turn', async (c) => {
    const id = parseId(c.req.param('id'))
    desk.turnSeen(ownerOf(id), id, await readJson(c, turnEnd))
    return c.body(null, 204)
  })

  door.post('/signals', async (c) => {
    const news = await readJson(c, signal)
    if (callers.isProbe(news.context, news.event)) return c.body(null, 204)
    const session = callers.enter(news.context, news.event, false)
    noteVersion(session, news.context)
    desk.hear(session, news)
    if (news.event === 'SessionEnd') callers.leave(session.id)
    return c.body(null, 204)
  })

  door.notFound((c) => respondProblem(c, problem('not-found')))
  door.onError((error, c) => respondProblem(c, toProblem(error, log)))
  return door
}

/** The hook event behind a kind of ask. */
const EVENTS = {
  permission: 'PermissionRequest',
  question: 'PermissionRequest',
  plan: 'PermissionRequest',
  form: 'Elicitation',
  reply: 'Stop',
} as const

function parseId(text: string) {
  const parsed = askId.safeParse(text)
  if (!parsed.success) throw problem('not-found')
  return parsed.data
}
