import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PROTOCOL_VERSION, type Signal } from '../../../../server/protocol.ts'
import { toNotice } from '../../../../server/push/notices.ts'
import { createTestDesk, SESSION } from '../asks.ts'

const news = (change: Partial<Signal>): Signal => ({
  v: PROTOCOL_VERSION,
  event: 'Notification',
  context: { claude_session: 'c1', cwd: '/' },
  ...change,
})

describe('the phone is told', () => {
  test.each([
    [
      'that an agent needs input',
      { subject: 'agent_needs_input', text: 'Which one?' },
      'app: a background agent needs input',
    ],
    ['that an agent is done', { subject: 'agent_completed', text: 'ok' }, 'app: a background agent is done'],
    [
      'of the usage limit',
      { event: 'StopFailure', subject: 'rate_limit', text: 'until 5pm' },
      'app: the usage limit is reached',
    ],
    [
      'of a login that has run out',
      { event: 'StopFailure', subject: 'authentication_failed' },
      'app: Claude has to log in again',
    ],
    [
      'of any other failure',
      { event: 'StopFailure', subject: 'unknown' },
      'app: Claude has stopped with an error',
    ],
  ] as const)('%s', (_, change, title) => {
    expect(toNotice(SESSION, news(change))).toMatchObject({ ask: null, url: null, title })
  })

  test.each(['permission_prompt', 'idle_prompt', 'auth_success'])(
    'nothing of %s: it has an ask of its own, or needs none',
    (subject) => {
      expect(toNotice(SESSION, news({ subject }))).toBeNull()
    },
  )

  test('no secret, and nothing that hides', () => {
    const notice = toNotice(
      SESSION,
      news({ subject: 'agent_needs_input', text: `sk-ant-${'a'.repeat(30)}\u202e` }),
    )
    expect(notice?.message).toBe('‹masked›‹U+202E›')
  })
})

describe('a session that sends news without end', () => {
  let world: ReturnType<typeof createTestDesk>
  beforeEach(() => {
    world = createTestDesk()
  })
  afterEach(() => world.remove())
  const hear = (text: string) => world.desk.hear(SESSION, news({ subject: 'agent_needs_input', text }))

  test('reaches the phone a few times an hour', () => {
    for (let at = 0; at < 50; at++) hear(`number ${at}`)
    expect(world.pushes).toHaveLength(4)
    world.advance(61 * 60_000)
    hear('later')
    expect(world.pushes).toHaveLength(5)
  })

  test('is heard all the same when it has news of another kind', () => {
    for (let at = 0; at < 50; at++) hear(`number ${at}`)
    world.desk.hear(SESSION, news({ event: 'StopFailure', subject: 'rate_limit', text: 'until 5pm' }))
    expect(world.pushes.at(-1)?.title).toBe('app: the usage limit is reached')
  })

  test('does not reach it twice with the same words', () => {
    hear('again')
    hear('again')
    expect(world.pushes).toHaveLength(1)
  })
})
