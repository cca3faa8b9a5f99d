/** What a session may do: ask, wait, take back, tell. It can never answer, and never sees another session's asks. */
import { Hono } from 'hono'
import { createVersionWatch } from '../claude-version.ts'
import type { Desk } from '../desk.ts'
import { problem } from '../errors.ts'
import type { Log, SessionRef } from '../ports.ts'
import {
  type AskAccepted,
  askDraft,
  askId,
  hookResult,
  MAX_ASK_BYTES,
  OUTCOME_SLICE_MS,
  PROTOCOL_VERSION,
  signal,
  withdrawal,
} from '../protocol.ts'
import { limitBody, readJson } from './body.ts'
import { respondProblem, toProblem } from './problems.ts'

type Options = { desk: Desk; session: SessionRef; log: Log; testedClaude?: readonly string[] }

/** The door of one session. Which session it is follows from the socket, never from what is said. */
export function createHookDoor({ desk, session, log, testedClaude = [] }: Options): Hono {
  const noteVersion = createVersionWatch({ log, tested: testedClaude })
  const door = new Hono()
  door.use(limitBody(MAX_ASK_BYTES))

  door.post('/asks', async (c) => {
    const draft = await readJson(c, askDraft)
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
    return c.json(
      await desk.outcome(session.id, parseId(c.req.param('id')), OUTCOME_SLICE_MS, c.req.raw.signal),
    )
  })

  door.post('/asks/:id/result', async (c) => {
    const id = parseId(c.req.param('id'))
    desk.hookSaw(session.id, id, await readJson(c, hookResult))
    return c.body(null, 204)
  })

  door.post('/asks/:id/withdraw', async (c) => {
    const id = parseId(c.req.param('id'))
    desk.withdraw(session.id, id, (await readJson(c, withdrawal)).because)
    return c.body(null, 204)
  })

  door.post('/signals', async (c) => {
    const news = await readJson(c, signal)
    noteVersion(session, news.context)
    desk.hear(session, news)
    return c.body(null, 204)
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
