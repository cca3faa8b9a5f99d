import { expect, test } from 'vitest'
import { findProblems } from '../../../../bin/hooks/findings.ts'
import { readAnswer } from '../../../../bin/hooks/inside.ts'
import { settingsFile, toScope } from '../../../../bin/hooks/scope.ts'
import { toPlace } from '../../../../bin/house/terminals.ts'
import type { Health } from '../../../../hooks/install/check.ts'
import type { Guest, SiteSession } from '../../../../server/owner-views.ts'

const group = {
  event: 'Stop',
  hooks: [{ type: 'command' as const, command: ': remote-claude 1', timeout: 10 }],
}
const well: Health = {
  groups: [group],
  isSwitchedOff: false,
  policy: null,
  isOfAnotherVersion: false,
  missing: [],
  door: 'open',
  lastTrouble: null,
}
const where = { where: '/s.json', again: 'rc hooks install --user', isHeard: true }

test('hooks that work have no problem, and neither has a file without any', () => {
  expect(findProblems(well, where)).toEqual([])
  expect(findProblems({ ...well, groups: [], door: null }, { ...where, isHeard: false })).toEqual([])
})

test.each<[string, Partial<Health>, boolean, RegExp, RegExp]>([
  ['of another version', { isOfAnotherVersion: true }, true, /another version/, /install --user/],
  ['without Node', { missing: ['/n', '/a', '/b'] }, true, /^\/n and 2 more are gone/, /install --user/],
  ['without a script', { missing: ['/a'] }, true, /^\/a is gone/, /install --user/],
  ['without a responder', { door: 'closed' }, false, /No responder/, /rc server start/],
  ['with a token that was revoked', { door: 'token-refused' }, true, /token .* revoked/, /install --user/],
  ['with nobody behind their door', { door: 'closed' }, true, /Nobody answers/, /install --user/],
])('hooks %s have one problem, with what to do', (_, change, isHeard, problem, remedy) => {
  expect(findProblems({ ...well, ...change }, { ...where, isHeard })).toEqual([
    { problem: expect.stringMatching(problem), remedy: expect.stringMatching(remedy) },
  ])
})

test('one place at a time is installed into, and the own settings where none is named', () => {
  const none = { user: false, project: false, local: false }
  expect(toScope(none)).toBe('user')
  expect(toScope({ ...none, local: true })).toBe('local')
  expect(() => toScope({ ...none, user: true, project: true })).toThrow('--user and --project are two places')
})

test('each place is the file that Claude Code reads', () => {
  const at = { claudeDir: '/h/.claude', folder: '/w/app' }
  expect(settingsFile('user', at)).toBe('/h/.claude/settings.json')
  expect(settingsFile('project', at)).toBe('/w/app/.claude/settings.json')
  expect(settingsFile('local', at)).toBe('/w/app/.claude/settings.local.json')
})

test("a container's word about its tmux leads into that container and nowhere else", () => {
  const place = { pid: 7, tmux: { socket: '/tmp/tmux-0/default', pane: '%3' } }
  const session = { site: 'guest2', place } as SiteSession
  const details = { container: 'abcdef012345', user: '4242', node: '/n' }
  const guest = { id: 'guest2', details } as unknown as Guest
  expect(toPlace({ session, guest })).toEqual({ container: { id: 'abcdef012345', user: '4242' }, ...place })
  expect(toPlace({ session: { ...session, site: 'host' }, guest: null })).toEqual({
    container: null,
    ...place,
  })
  expect(toPlace({ session, guest: null })).toBeNull()
  expect(toPlace(null)).toBeNull()
})

test.each([
  '',
  'null',
  '[]',
  '{"file":"/s"}',
  '{"file":1,"changed":true}',
  '{"file":"/s","health":{"groups":7}}',
  'x'.repeat(9),
])('what a container says in the place of an answer is none: %s', (said) => {
  expect(readAnswer(said)).toBeNull()
})

test('what a container answers drives no terminal and fills no screen', () => {
  const evil = `\u001b]52;c;cm0gLXJm\u0007\u202e${'x'.repeat(9_000)}`
  const answer = readAnswer(
    JSON.stringify({ file: evil, error: { code: evil, message: evil, remedy: evil } }),
  )
  const said = JSON.stringify(answer)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the point is to find them.
  expect(said).not.toMatch(/\\u00|[\u0000-\u001f\u007f-\u009f\u202e]/)
  expect(said.length).toBeLessThan(9_000)
})
