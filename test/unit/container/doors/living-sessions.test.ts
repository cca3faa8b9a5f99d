import { expect, test } from 'vitest'
import { createLivingSessions } from '../../../../container/doors/living-sessions.ts'
import { toLabels, toSession } from '../../../../container/session/labels.ts'
import { sessionId } from '../../../../server/protocol.ts'

const id = sessionId.parse('session00001')

/** A session as its labels tell; without rules it is from before they were written down. */
function session(askRules?: string[]) {
  const network = { mode: 'allowlist' as const, allow: [], ask: false, only: null }
  const started = { claudeArgs: [], permissionArgs: [], network, keys: null }
  const labels = toLabels('abc', { id, name: 'app', workspace: '/w', gate: '/g', gateKind: 'folder' }, {
    ...started,
    ...(askRules !== undefined && { askRules }),
  } as Parameters<typeof toLabels>[2])
  const made = toSession({ id: 'c1', labels, state: 'running', createdAt: 0, exitCode: null } as never, [])
  if (made === null) throw new Error('the labels are not ours')
  return made
}

test("a session's rules are those that it was started with, and unknown before it was seen", async () => {
  const living = createLivingSessions(async () => [session(['Bash(make deploy *)'])])
  expect(living.askRules(id)).toBeNull()
  await living.look()
  expect(living.askRules(id)).toEqual(['Bash(make deploy *)'])
  expect(living.askRules(sessionId.parse('session00002'))).toBeNull()
})

test('the rules of a session from before they were written down are unknown', async () => {
  const living = createLivingSessions(async () => [session()])
  await living.look()
  expect(living.all()).toHaveLength(1)
  expect(living.askRules(id)).toBeNull()
})

test('when the sessions cannot be read, no rules are known until they can', async () => {
  let isAway = false
  const living = createLivingSessions(async () => {
    if (isAway) throw new Error('no Docker')
    return [session([])]
  })
  await living.look()
  expect(living.askRules(id)).toEqual([])
  isAway = true
  await expect(living.look()).rejects.toThrow('no Docker')
  expect(living.askRules(id)).toBeNull()
})
