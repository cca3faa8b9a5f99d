import { expect, test } from 'vitest'
import { leavePlugins, namesOf } from '../../../../container/settings/user-plugins.ts'
import { inVain } from '../../../../container/settings/user-settings.ts'

test('plugins that are on are told in one line, those that are off or part of Claude are not', () => {
  const given = { 'fmt@market': true, 'lint@market': ['1.0.0'], 'off@market': false, 'sec@builtin': true }
  expect(leavePlugins(given)).toEqual([
    'plugins, with their hooks, commands, agents, skills and MCP servers (fmt@market, lint@market)',
  ])
})

test('of a plugin among the skills, which come along, only the hooks are left out', () => {
  expect(leavePlugins({ 'mine@skills-dir': true })).toEqual([
    'hooks of plugins in ~/.claude/skills (mine@skills-dir)',
  ])
})

test.each([undefined, null, [], 'x', 7, {}])('there are none in %j', (given) => {
  expect(leavePlugins(given)).toEqual([])
})

test('a hostile project cannot fill the screen with names, and is told of', () => {
  const names = Array.from({ length: 1_000 }, (_, at) => `${'x'.repeat(1_000)}${at}@m`)
  expect(namesOf(names).length).toBeLessThan(1_000)
  expect(namesOf(names)).toMatch(/ and 995 more$/)
  const text = JSON.stringify({ enabledPlugins: { 'a@b': true } })
  expect(inVain('.claude/settings.json', text)).toEqual([
    'Hooks of plugins that .claude/settings.json enables do not run in the box: a@b.',
  ])
})
