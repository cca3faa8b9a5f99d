import { expect, test } from 'vitest'
import { readAttention, toAttentionOptions } from '../../../../server/attention/options.ts'

const attentionOptions = toAttentionOptions(['ntfy', 'telegram'])
const read = (given: unknown) => readAttention(attentionOptions.parse(given))

test('without a word there is grace of 30 s, no night, no step, and a batch of 5', () => {
  expect(read(undefined)).toEqual({ rules: { graceMs: 30_000, quiet: null }, steps: [], batch: 5 })
})

test('everything that can be said is read', () => {
  const given = {
    grace: '2m',
    quiet: { from: '22:00', to: '7:30', zone: 'Europe/Zurich', pass: 'questions' },
    escalate: [
      { after: '10m', to: 'ntfy' },
      { after: 1200, to: ['telegram', 'ntfy'], priority: 'urgent' },
    ],
    batch: 3,
  }
  expect(read(given)).toEqual({
    rules: { graceMs: 120_000, quiet: { from: 1320, to: 450, zone: 'Europe/Zurich', pass: 'questions' } },
    steps: [
      { afterMs: 600_000, to: ['ntfy'], priority: null },
      { afterMs: 1_200_000, to: ['telegram', 'ntfy'], priority: 'urgent' },
    ],
    batch: 3,
  })
})

test('quiet hours without a zone are those of this machine', () => {
  const { zone } = read({ quiet: { from: '22:00', to: '07:00' } }).rules.quiet ?? {}
  expect(zone).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone)
})

test.each([
  ['a time that is none', { quiet: { from: '25:00', to: '07:00' } }],
  ['hours without an end', { quiet: { from: '22:00' } }],
  ['a zone that is none', { quiet: { from: '22:00', to: '07:00', zone: 'Mars/Olympus' } }],
  ['steps out of order', { escalate: [{ after: '10m' }, { after: '5m' }] }],
  ['a step at once', { escalate: [{ after: 0 }] }],
  ['a grace of days', { grace: '25h' }],
  ['a negative grace', { grace: -1 }],
  ['a batch of none', { batch: 0 }],
  ['a step to a service that nobody knows', { escalate: [{ after: '10m', to: 'nfty' }] }],
  ['a step to several of which one is not known', { escalate: [{ after: '10m', to: ['ntfy', 'x'] }] }],
  ['a word that nobody knows', { silence: true }],
])('%s is refused', (_, given) => {
  expect(attentionOptions.safeParse(given).success).toBe(false)
})
