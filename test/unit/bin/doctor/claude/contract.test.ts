import { expect, test } from 'vitest'
import { createOutput } from '../../../../../bin/cli/output.ts'
import { judge } from '../../../../../bin/doctor/claude/facts.ts'
import { runContract } from '../../../../../bin/doctor/claude/run.ts'
import { SCENES } from '../../../../../bin/doctor/claude/scenes/index.ts'
import { showContract } from '../../../../../bin/doctor/claude/show.ts'
import { DEFAULT_CLAUDE_VERSION } from '../../../../../container/options.ts'
import { compareVersions, isTested, TESTED_VERSIONS, untestedWarning } from '../../../../../hooks/versions.ts'
import { createSink } from '../../cli/sinks.ts'

const facts = SCENES.flatMap((scene) => scene.facts)
const fact = { id: 'a', fact: 'the sky is blue' }

test('every fact has an id of its own and says something', () => {
  expect(new Set(facts.map(({ id }) => id)).size).toBe(facts.length)
  expect(new Set(facts.map((one) => one.fact)).size).toBe(facts.length)
  expect(facts.length).toBeGreaterThan(20)
})

test('a fact holds only since a version that was tested', () => {
  const since = facts.flatMap((one) => one.since ?? [])
  expect(since.filter((version) => !isTested(version))).toEqual([])
})

test('the version that images are built with is the newest tested one', () => {
  expect(TESTED_VERSIONS.at(-1)).toBe(DEFAULT_CLAUDE_VERSION)
  expect(TESTED_VERSIONS).toEqual([...TESTED_VERSIONS].sort(compareVersions))
})

test.each([
  ['2.1.9', '2.1.10', -1],
  ['2.1.330', '2.1.330', 0],
  ['3.0.0', '2.9.9', 1],
])('%s against %s is %d', (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign)
})

test('a difference is known only on a version that is older than the fact', () => {
  const young = { ...fact, since: '2.1.330' }
  expect(judge(young, '2.1.197', 'grey').result).toBe('differs')
  expect(judge(young, '2.1.330', 'grey').result).toBe('DIFFERS')
  expect(judge(young, '2.2.0', 'grey').result).toBe('DIFFERS')
  expect(judge(fact, '2.1.197', 'grey').result).toBe('DIFFERS')
  expect(judge(young, '2.1.197', true).result).toBe('holds')
})

test('a program that is no Claude differs in everything instead of passing', async () => {
  const scene = {
    name: 'x',
    scripts: {},
    settings: () => ({}),
    awaits: /never/,
    facts: [fact],
    play: async () => {},
  }
  const [finding] = await runContract(
    { program: '/bin/false', version: '2.1.330' },
    {
      scenes: [{ ...scene, play: async () => Promise.reject(new Error('nothing to see')) }],
      onScene: () => {},
      open: async () => ({ close: async () => {} }) as never,
    },
  )
  expect(finding).toMatchObject({ result: 'DIFFERS', seen: 'nothing to see' })
})

test('the table has a column for each version, and says what was seen instead', () => {
  const stdout = createSink()
  const output = createOutput({ stdout, stderr: createSink() })
  const unknown = showContract(output, [
    { version: '1.0.0', findings: [judge(fact, '1.0.0', true)] },
    { version: '2.0.0', findings: [judge(fact, '2.0.0', 'it is grey')] },
  ])
  expect(unknown).toBe(1)
  expect(stdout.text()).toMatch(/FACT +1\.0\.0 +2\.0\.0\nthe sky is blue +holds +DIFFERS\n/)
  expect(stdout.text()).toContain('DIFFERS on 2.0.0: the sky is blue. Seen: it is grey')
})

test('an untested version gets one line with its number and what tries it, a tested one none', () => {
  expect(TESTED_VERSIONS.map(untestedWarning)).toEqual(TESTED_VERSIONS.map(() => null))
  expect(untestedWarning('2.1.331')).toMatch(
    /^Claude Code 2\.1\.331 is not tested .*rc doctor --claude 2\.1\.331.*\.$/,
  )
  expect(untestedWarning('2.1.331')).not.toContain('\n')
})
