import { expect, test } from 'vitest'
import { createVersionWatch } from '../../../../server/doors/version-watch.ts'
import { sessionId } from '../../../../server/protocol.ts'

const session = { id: sessionId.parse('session00001'), name: 'shop', workspace: '/shop', gate: '/gate' }
const context = (version?: string) => ({
  claude_session: 'a',
  cwd: '/shop',
  ...(version !== undefined && { claude_version: version }),
})

function watch(tested = ['2.1.330']) {
  const lines: string[] = []
  const note = createVersionWatch({ log: (_, message) => void lines.push(message), tested })
  return { lines, hear: (version?: string) => note(session, context(version)) }
}

test('an untested version is logged once, however often a session changes its word', () => {
  const { lines, hear } = watch()
  hear()
  for (let at = 0; at < 50; at++) hear(`9.9.${at}`)
  expect(lines).toEqual(['Claude Code 9.9.0 is not tested with this program; rc doctor --claude tries it.'])
})

test('a tested version, and a house that tests none, say nothing', () => {
  const one = watch()
  one.hear('2.1.330')
  const none = watch([])
  none.hear('9.9.9')
  expect([...one.lines, ...none.lines]).toEqual([])
})
