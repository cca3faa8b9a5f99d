import { expect, test } from 'vitest'
import { examinePush } from '../../../../bin/doctor/push.ts'
import { notificationOptions } from '../../../../server/push/options.ts'

const KEY = 'k'.repeat(30)
const find = (notifications: object) => examinePush(notificationOptions.parse(notifications))

test('rc doctor tells of each push service that is set up what it can do', () => {
  const found = find({ pushover: { user_key: KEY, api_token: KEY }, webhook_url: 'http://hook.test/' })
  expect(found.map(({ name, problem }) => [name, problem])).toEqual([
    ["Pushover is set up: a link to the answer page, other people's servers read the text", null],
    ['The webhook is set up: a link to the answer page, told when an ask is over', null],
  ])
})

test('a service that lacks a key is a problem, since nothing would ring', () => {
  const [found, ...more] = find({ pushover: { user_key: KEY } })
  expect(found?.problem).toBe('Pushover is set up by half: notifications.pushover.api_token is missing.')
  expect([found?.isMinor, more]).toEqual([undefined, []])
})

test.each([
  ['no service at all', {}, 'No push service is set up, so no phone rings.'],
  [
    'notifications that are off',
    { enabled: false, webhook_url: 'http://w.test' },
    'Notifications are off, so no phone rings.',
  ],
])('%s is worth a note and no problem', (_, notifications, problem) => {
  expect(find(notifications)).toMatchObject([{ problem, isMinor: true }])
})

test('no finding holds a key or an address', () => {
  const found = find({ pushover: { user_key: KEY }, webhook_url: 'http://hook.test/secret' })
  expect(JSON.stringify(found)).not.toMatch(/kkk|hook\.test/)
})

test.each([
  [
    { pushover: { user_key: KEY, api_token: KEY, priority: { urgent: 2 } } },
    'told when an ask is over',
    true,
  ],
  [{ ntfy: { url: 'https://ntfy.sh/my-topic' } }, 'answers come back', false],
  [{ ntfy: { url: 'https://ntfy.sh/my-topic', reply_topic: 'replies' } }, 'answers come back', true],
  [{ webhook_url: 'https://hooks.slack.com/services/T/B/x' }, 'The webhook (Slack) is set up', true],
])('what depends on settings is said as they are: %j', (notifications, words, isSaid) => {
  expect(find(notifications)[0]?.name.includes(words)).toBe(isSaid)
})
