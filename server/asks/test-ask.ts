/** A question that is a test of the ways to a person: nobody waits for it, and nothing comes of its answer. Pure. */
import type { AskId, SessionId } from '../protocol.ts'
import type { Ask } from './ask.ts'
import { newAsk } from './new-ask.ts'

const TEXT = 'This is a test: press Yes or No. Nothing is run, whatever you press.'

type Input = { id: AskId; session: SessionId; name: string; now: number; forMs: number }

/** `name` is what it is called after, whosever session it counts for. */
export function newTestAsk({ id, session, name, now, forMs }: Input): Ask {
  return newAsk({
    id,
    key: `test:${id}`,
    session: { id: session, name, workspace: '/', gate: '' },
    kind: 'test',
    tool: null,
    input: {},
    suggestions: [],
    text: TEXT,
    context: { claude_session: '', cwd: '/' },
    waits: false,
    createdAt: now,
    deadline: now + forMs,
  })
}
