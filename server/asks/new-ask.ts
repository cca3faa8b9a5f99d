/** What every new ask is, whoever raises it: pending, and nothing has become of it. Pure. */
import type { SessionRef } from '../ports.ts'
import { type Ask, digestOf } from './ask.ts'

type Shown = Pick<Ask, 'kind' | 'tool' | 'input' | 'suggestions' | 'text'>
type Given = Shown &
  Pick<Ask, 'id' | 'key' | 'context' | 'waits' | 'createdAt' | 'deadline'> &
  Partial<Pick<Ask, 'rules' | 'unattendedDeadline'>> & { session: SessionRef }

/** The pending ask of a session; its digest is of what a person is shown. */
export function newAsk({ session, ...given }: Given): Ask {
  return {
    rules: [],
    ...given,
    session: session.id,
    sessionName: session.name,
    ...(session.account !== undefined && { account: session.account }),
    digest: digestOf(given),
    state: 'pending',
    because: null,
    answer: null,
    answeredBy: null,
    endedAt: null,
    decision: null,
    result: null,
    resultReason: null,
  }
}
