/** A project can narrow what the user chose and never widen it. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { choiceOf, narrow, widest } from '../../../../bin/sessions/narrow.ts'
import { NETWORK_MODES } from '../../../../container/options.ts'
import { approvalsOptions } from '../../../../hooks/options.ts'
import type { ProjectOptions } from '../../../../setup/config/project-file.ts'

const approvals = approvalsOptions.parse({ ask: ['Bash(git push *)'], deny: ['WebFetch'] })
const nothing: ProjectOptions = { network: {}, approvals: { ask: [], deny: [] } }
const user = { mode: 'allowlist', allow: ['mine.example.org'], ask: false } as const

const chosen = { ...user, allow: [...user.allow] }

test('without a project file all stays as the user chose it', () => {
  expect(narrow(null, chosen, approvals)).toEqual({
    network: { ...user, only: null },
    approvals,
    notices: [],
  })
})

test('a wish for a wider network is not followed, and said', () => {
  const { network, notices } = narrow({ ...nothing, network: { mode: 'bridge' } }, chosen, approvals)
  expect(network.mode).toBe('allowlist')
  expect(notices.join()).toContain('wider than yours')
})

test('a list of hosts that means nothing is refused before anything starts', () => {
  expect(() =>
    narrow({ ...nothing, network: { allowed_domains: ['https://x'] } }, chosen, approvals),
  ).toThrow('scheme')
})

test('whatever a project says, no mode gets wider, no host is added and no rule is lost', () => {
  const mode = fc.constantFrom(...NETWORK_MODES)
  const rules = fc.array(fc.constantFrom('Bash', 'Edit', 'WebFetch'), { maxLength: 3 })
  void fc.assert(
    fc.property(mode, fc.option(mode, { nil: undefined }), rules, rules, (mine, theirs, ask, deny) => {
      const project = { network: theirs === undefined ? {} : { mode: theirs }, approvals: { ask, deny } }
      const { network, approvals: now } = narrow(project, { ...chosen, mode: mine }, approvals)
      const order = ['none', 'allowlist', 'bridge']
      expect(order.indexOf(network.mode)).toBeLessThanOrEqual(order.indexOf(mine))
      expect(network.allow).toEqual(user.allow)
      expect(now.ask).toEqual(expect.arrayContaining(approvals.ask))
      expect(now.deny).toEqual(expect.arrayContaining(approvals.deny))
      expect({ ...now, ask: [], deny: [] }).toEqual({ ...approvals, ask: [], deny: [] })
    }),
  )
})

const configured = { mode: 'allowlist', ask: false, allowed_domains: ['example.org'] } as const
const said = (mode: 'none' | 'allowlist' | 'bridge', chosen?: 'none' | 'allowlist' | 'bridge' | null) => ({
  ...{ mode, allow: ['mine.example.org'], ask: true, only: ['old.example.org'] },
  ...(chosen !== undefined && { chosen }),
})

test.each([
  ['the configuration gave it, which is wider now', said('none', null), 'allowlist', 'allowlist'],
  ['the configuration gave it, which is narrower now', said('allowlist', null), 'none', 'none'],
  ['a project had narrowed it, whose file is gone', said('none', null), 'bridge', 'bridge'],
  ['--network had chosen it', said('none', 'none'), 'allowlist', 'none'],
  ['--network had chosen it, and a project narrowed that', said('none', 'bridge'), 'allowlist', 'bridge'],
  ['nobody wrote down who chose it: the narrower', said('none'), 'allowlist', 'none'],
  ['nobody wrote down who chose it: the narrower', said('bridge'), 'allowlist', 'allowlist'],
] as const)('a restart where %s', (_, label, mode, expected) => {
  const { choice, notices } = choiceOf({ ...label, allow: [...label.allow], only: [] }, mode)
  const { network } = narrow(null, widest({ ...configured, mode, allowed_domains: [] }, choice), approvals)
  expect(network).toMatchObject({ mode: expected, allow: ['mine.example.org'], ask: false, only: null })
  expect(notices).toHaveLength('chosen' in label ? 0 : 1)
})

test('a host of the configuration that means nothing is refused before anything starts', () => {
  expect(() => widest({ ...configured, allowed_domains: ['https://x'] }, { mode: null, allow: [] })).toThrow(
    'scheme',
  )
})
