import { expect, test } from 'vitest'
import {
  nextStepAt,
  priorityAt,
  type Step,
  servicesOf,
  stepDue,
} from '../../../../server/attention/escalation.ts'

const MINUTE = 60_000
const step = (minutes: number, to: string[] | null, priority: Step['priority'] = null): Step => ({
  afterMs: minutes * MINUTE,
  to,
  priority,
})
const all = ['pushover', 'ntfy', 'telegram']
const steps = [step(10, ['ntfy']), step(20, null, 'urgent'), step(30, ['telegram', 'ntfy'])]

test.each([
  ['the first push', 0, ['pushover']],
  ['a step that names a service', 1, ['ntfy']],
  ['a step that names none', 2, ['pushover']],
  ['a step that names two, in the order of the configuration', 3, ['ntfy', 'telegram']],
])('a service that a later step names stays silent until then: %s', (_, at, services) => {
  expect(servicesOf(at, steps, all)).toEqual(services)
})

test('where every service waits for a step, all of them ring at first', () => {
  expect(servicesOf(0, [step(10, ['pushover', 'ntfy', 'telegram'])], all)).toEqual(all)
  expect(servicesOf(0, [], all)).toEqual(all)
})

test('a step that names a service which is not set up rings nobody', () => {
  expect(servicesOf(1, [step(10, ['gotify'])], all)).toEqual([])
})

test('no step rings lower than the ones before it', () => {
  const mixed = [step(1, null, 'urgent'), step(2, null, 'low'), step(3, null)]
  expect([0, 1, 2, 3].map((at) => priorityAt(at, mixed, 'high'))).toEqual([
    'high',
    'urgent',
    'urgent',
    'urgent',
  ])
})

test.each([
  ['before the first', 9.9, 0, 0],
  ['at the first', 10, 0, 1],
  ['when two are overdue, only the later one', 25, 0, 2],
  ['when all are done', 99, 3, 3],
  ['never back', 0, 2, 2],
])('the step that is due counts from the first push: %s', (_, minutes, done, due) => {
  expect(stepDue(steps, { since: 1_000, done, now: 1_000 + minutes * MINUTE })).toBe(due)
})

test('the next step has its time, and after the last one there is none', () => {
  expect([0, 1, 2, 3].map((done) => nextStepAt(steps, 1_000, done))).toEqual([
    1_000 + 10 * MINUTE,
    1_000 + 20 * MINUTE,
    1_000 + 30 * MINUTE,
    null,
  ])
})
