/** The address of a terminal goes to every service, so nothing that opens more than one may be in it. */
import { describe, expect, test } from 'vitest'
import { notificationOptions } from '../../../../../server/push/options.ts'

const read = (notifications: object) => notificationOptions.safeParse(notifications)
const messages = (notifications: object) => read(notifications).error?.issues.map(({ message }) => message)

test.each([
  'ssh://me@desk.example',
  'ssh://me@desk.example:2222',
  'ssh://me@[fd00::1]:22',
  'termius://app/hosts',
  'shortcuts://run-shortcut?name=Desk',
])('%s may be one', (terminal_url) => {
  expect(read({ terminal_url }).data?.terminal_url).toBe(terminal_url)
})

describe('is refused, with a reason that does not repeat it:', () => {
  test.each([
    ['a password', 'ssh://me:hunter2@desk.example', /without a password/],
    ["Blink's key", 'blinkshell://run?key=hunter2&cmd=ls', /Blink's key/],
    ["Blink's key in capitals", 'BlinkShell://run?KEY=hunter2', /Blink's key/],
    ['a token', 'termius://hosts?access_token=hunter2', /without "access_token"/],
    ['a key by another name', 'ssh://me@desk.example?api-key=hunter2', /without "api-key"/],
    ['a page', 'https://desk.example/hunter2', /terminal app opens/],
    ['a script', 'javascript:alert("hunter2")', /terminal app opens/],
    ['a file', 'file:///etc/hunter2', /terminal app opens/],
    ['a name alone', 'hunter2.example', /such as ssh/],
    ['a blank', 'ssh://me@desk.example hunter2', /such as ssh/],
    ['a line end', 'ssh://me@desk.example\nhunter2', /such as ssh/],
    ['a line end before a scheme that is refused', '\njavascript:hunter2', /such as ssh/],
    ['a hidden character', 'ssh://me@desk\u202e.example', /such as ssh/],
  ])('%s', (_, terminal_url, why) => {
    const found = messages({ terminal_url }) ?? []
    expect(found).toEqual([expect.stringMatching(why)])
    expect(found.join()).not.toContain('hunter2')
  })

  test('one that is very long', () => {
    expect(messages({ terminal_url: `ssh://me@${'a.'.repeat(250)}example` })).toHaveLength(1)
  })
})

test.each([{ ntfy: { tap: 'terminal' } }, { webhook_tap: 'terminal' }])(
  '%j without an address is a mistake that names the setting',
  (notifications) => {
    expect(messages(notifications)).toEqual([expect.stringContaining('notifications.terminal_url')])
    expect(read({ ...notifications, terminal_url: 'ssh://me@desk.example' }).success).toBe(true)
  },
)
