/** Runs programs in somebody's container for the terminal of its Claudes. */
import type { Engine } from '../docker/engine.ts'
import { ContainerError } from '../errors.ts'
import type { RunIn } from './reach.ts'

const TIMEOUT_MS = 10_000

/** Rejects with a sentence when the container does not run. */
export function createRunIn(engine: Pick<Engine, 'execIn'>): RunIn {
  return async ({ id, user }, argv) => {
    try {
      const done = await engine.execIn(id, argv, { user, timeoutMs: TIMEOUT_MS })
      // What keeps a program from being started at all Docker says on its stdout (20.10).
      const problem = done.stderr.trim() || done.stdout.trim()
      return { ok: done.exitCode === 0, text: done.stdout, problem: done.exitCode === 0 ? '' : problem }
    } catch (error) {
      throw toSentence(error)
    }
  }
}

/** `Container 5c0a… is not running`, `Container zz is paused, unpause the container before exec` (Docker 20.10). */
function toSentence(error: unknown): unknown {
  if (!(error instanceof ContainerError)) return error
  if (error.code === 'container-missing') {
    return new ContainerError(
      'container-missing',
      'The container that Claude ran in is gone.',
      'Nothing can be typed for it any more.',
      { cause: error },
    )
  }
  if (!/ is (not running|paused|restarting)/.test(error.message)) return error
  return new ContainerError(
    'container-stopped',
    'The container that Claude runs in is stopped or paused, so nothing can be typed for it.',
    'Start it again with docker start, or docker unpause.',
    { cause: error },
  )
}
