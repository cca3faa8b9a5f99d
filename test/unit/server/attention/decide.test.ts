import { expect, test } from 'vitest'
import {
  decide,
  levelNow,
  type Matter,
  type Mood,
  type Rules,
  USUAL_MOOD,
} from '../../../../server/attention/decide.ts'

const NOW = Date.parse('2026-12-01T02:00:00Z')
const MINUTE = 60_000
const quiet = { from: 22 * 60, to: 7 * 60, zone: 'UTC' }
const END_OF_QUIET = Date.parse('2026-12-01T07:00:00Z')

const ask: Matter = { event: 'permission', priority: 'high', lastKeyAt: null }
const grave: Matter = { ...ask, priority: 'urgent' }
const reply: Matter = { ...ask, event: 'reply', priority: 'default' }
const news: Matter = { ...ask, event: 'news', priority: 'low' }
const every = { events: null, minPriority: 'low' } as const
const none: Rules = { graceMs: 0, quiet: null }
const grace: Rules = { ...none, graceMs: 30_000 }
const hours = (pass: 'urgent' | 'questions' | 'none'): Rules => ({ ...none, quiet: { ...quiet, pass } })
const mood = (given: Partial<Mood>): Mood => ({ ...USUAL_MOOD, ...given })

test.each([
  ['an ask without any rule', ask, {}, 'at-once', NOW],
  [
    'an ask that the service does not want to hear of',
    ask,
    { taste: { ...every, events: ['reply'] } },
    'not-its-event',
    null,
  ],
  ['an ask that it wants to hear of', ask, { taste: { ...every, events: ['permission'] } }, 'at-once', NOW],
  [
    'a reply below the least priority of the service',
    reply,
    { taste: { ...every, minPriority: 'high' } },
    'below-its-priority',
    null,
  ],
  ['a grave ask above it', grave, { taste: { ...every, minPriority: 'urgent' } }, 'at-once', NOW],
  ['news where questions alone may ring', news, { mood: mood({ level: 'questions' }) }, 'level', null],
  ['a reply where questions may ring', reply, { mood: mood({ level: 'questions' }) }, 'at-once', NOW],
  ['an ask where only what is urgent may ring', ask, { mood: mood({ level: 'urgent' }) }, 'level', null],
  [
    'a grave ask where only what is urgent may ring',
    grave,
    { mood: mood({ level: 'urgent' }) },
    'at-once',
    NOW,
  ],
  ['a grave ask where nothing may ring', grave, { mood: mood({ level: 'none' }) }, 'level', null],
  [
    'an ask before a level ends',
    ask,
    { mood: mood({ level: 'none', levelUntil: NOW + MINUTE }) },
    'level',
    NOW + MINUTE,
  ],
  ['an ask when a level has ended', ask, { mood: mood({ level: 'none', levelUntil: NOW }) }, 'at-once', NOW],
  ['a grave ask in a snooze', grave, { mood: mood({ snoozedUntil: NOW + MINUTE }) }, 'snoozed', NOW + MINUTE],
  ['an ask after a snooze', ask, { mood: mood({ snoozedUntil: NOW }) }, 'at-once', NOW],
  ['an ask at night', ask, { rules: hours('urgent') }, 'quiet-hours', END_OF_QUIET],
  ['a grave ask at night', grave, { rules: hours('urgent') }, 'at-once', NOW],
  [
    'a grave ask in a night that nothing passes',
    grave,
    { rules: hours('none') },
    'quiet-hours',
    END_OF_QUIET,
  ],
  ['a reply in a night that questions pass', reply, { rules: hours('questions') }, 'at-once', NOW],
  ['news in a night that questions pass', news, { rules: hours('questions') }, 'quiet-hours', END_OF_QUIET],
  ['an ask 10 s after a key', { ...ask, lastKeyAt: NOW - 10_000 }, { rules: grace }, 'grace', NOW + 20_000],
  ['an ask 30 s after a key', { ...ask, lastKeyAt: NOW - 30_000 }, { rules: grace }, 'at-once', NOW],
  ['an ask where nobody has touched a key', ask, { rules: grace }, 'at-once', NOW],
  ['news 10 s after a key', { ...news, lastKeyAt: NOW - 10_000 }, { rules: grace }, 'at-once', NOW],
  [
    'an ask whose key lies ahead, as the clock was set back',
    { ...ask, lastKeyAt: NOW + MINUTE },
    { rules: grace },
    'at-once',
    NOW,
  ],
] as const)('%s: one rule says whether it rings', (_, matter, given, because, at) => {
  const verdict = decide({ matter, taste: every, mood: USUAL_MOOD, rules: none, now: NOW, ...given })
  expect(verdict).toEqual({ send: because === 'at-once', because, at })
})

test('what holds longest without an end is told before what ends by itself', () => {
  const given = { matter: ask, taste: every, now: NOW, rules: hours('none') }
  expect(decide({ ...given, mood: mood({ level: 'none', snoozedUntil: NOW + MINUTE }) }).because).toBe(
    'level',
  )
})

test('a level counts until its end and not a moment longer', () => {
  const until = mood({ level: 'urgent', levelUntil: NOW })
  expect([levelNow(until, NOW - 1), levelNow(until, NOW)]).toEqual(['urgent', 'all'])
  expect(levelNow(mood({ level: 'none' }), NOW)).toBe('none')
})
