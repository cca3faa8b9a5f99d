/** The one place where errors become responses. */
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { Problem } from '../errors.ts'
import type { Log } from '../ports.ts'
import type { ProblemView } from '../protocol.ts'

/** An expected error keeps its sentence; anything else is a bug: logged with its stack, shown without. */
export function toProblem(error: unknown, log: Log): Problem {
  if (error instanceof Problem) return error
  log('error', 'a bug in a door', {
    stack: error instanceof Error ? (error.stack ?? error.message) : String(error),
  })
  return new Problem(
    'internal',
    500,
    'Something went wrong in the responder; its log has the details.',
    undefined,
  )
}

/** The problem as JSON with its own status. */
export function respondProblem(
  c: Context,
  error: Problem,
  extra: Partial<ProblemView['error']> = {},
): Response {
  const { code, message, remedy } = error
  return c.json(
    { error: { code, message, ...(remedy && { remedy }), ...extra } },
    error.status as ContentfulStatusCode,
  )
}
