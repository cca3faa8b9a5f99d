/** The worker of the inbox, run as a browser runs it: what it shows, and what a button does. */
import { runInNewContext } from 'node:vm'
import { beforeEach, describe, expect, test } from 'vitest'
import { WORKER } from '../../../../server/pages/inbox/worker.ts'

type Handler = (event: object) => void
type Shown = {
  title: string
  options: {
    body: string
    actions?: object[]
    data: object
    tag?: string
    silent?: boolean
    renotify?: boolean
  }
}
let handlers: Record<string, Handler>
let shown: Shown[]
let opened: string[]
let focused: string[]
let windows: { url: string }[]
let posted: { path: string; body: string }[]
let reply: () => Promise<object>
let badge: unknown

beforeEach(() => {
  handlers = {}
  shown = []
  opened = []
  focused = []
  windows = []
  posted = []
  badge = null
  reply = async () => ({ ok: true })
  const self = {
    location: { origin: 'https://phone.test' },
    addEventListener: (name: string, handler: Handler) => {
      handlers[name] = handler
    },
    registration: {
      showNotification: async (title: string, options: Shown['options']) =>
        void shown.push({ title, options }),
    },
    navigator: {
      async setAppBadge(count: unknown) {
        badge = count
      },
    },
    clients: {
      matchAll: async () => windows.map((one) => ({ ...one, focus: async () => void focused.push(one.url) })),
      openWindow: async (url: string) => void opened.push(url),
    },
  }
  const fetch = async (path: string, { body }: { body: string }) => {
    posted.push({ path, body })
    return await reply()
  }
  runInNewContext(WORKER, { self, fetch, URL, Object, Array, Number, JSON, Promise })
})

/** Waits for all that the worker promises. */
async function event(name: string, given: object): Promise<void> {
  const work: Promise<unknown>[] = []
  handlers[name]?.({ ...given, waitUntil: (one: Promise<unknown>) => void work.push(one) })
  await Promise.all(work)
}
const push = (content: unknown) =>
  event('push', {
    data: {
      json() {
        if (content === undefined) throw new Error('no JSON')
        return content
      },
    },
  })
const buttons = [
  { action: 'allow', title: 'Yes', code: 'code-yes' },
  { action: 'deny', title: 'No', code: 'code-no' },
]
const question = {
  notification: {
    title: 'app',
    body: 'make',
    navigate: 'https://phone.test/a/x',
    tag: 'abc234',
    app_badge: '2',
  },
  buttons,
}
/** Presses a button of what is shown, or the whole of it. */
const press = (action: string) => {
  const [one] = shown.splice(0)
  return event('notificationclick', {
    action,
    notification: { title: one?.title, data: one?.options.data, close: () => {} },
  })
}

test('a question is shown with its two buttons, and the count on the icon', async () => {
  await push(question)
  expect(shown).toMatchObject([
    {
      title: 'app',
      options: {
        body: 'make',
        tag: 'abc234',
        renotify: true,
        silent: false,
        actions: [{ title: 'Yes' }, { title: 'No' }],
      },
    },
  ])
  expect(badge).toBe(2)
})

test.each([undefined, null, {}, { notification: {} }, { notification: { title: 7 }, buttons: 'x' }])(
  'a push that holds %j shows something all the same',
  async (content) => {
    await push(content)
    expect(shown).toHaveLength(1)
    expect(shown[0]?.options.body).not.toBe('')
  },
)

test('an end takes the place of the question without a sound', async () => {
  await push({
    notification: { title: 'app', body: 'Answered No.', tag: 'abc234', silent: true, app_badge: '0' },
    buttons: [],
  })
  expect(shown).toMatchObject([{ options: { silent: true, renotify: false, actions: [] } }])
})

describe('a tap', () => {
  test('on a button answers without a page, and shows nothing when it was taken', async () => {
    await push(question)
    await press('allow')
    expect([posted, shown, opened]).toEqual([[{ path: '/b/webpush', body: 'code-yes' }], [], []])
  })

  test('on a button that came too late says so', async () => {
    reply = async () => ({ ok: false, text: async () => 'This question was already answered.\n' })
    await push(question)
    await press('deny')
    expect(shown).toMatchObject([
      { title: 'app', options: { body: 'Not taken: This question was already answered.', tag: 'abc234' } },
    ])
  })

  test('on a button while the machine is away says so, and leads to the page', async () => {
    reply = async () => {
      throw new Error('network')
    }
    await push(question)
    await press('allow')
    expect(shown[0]?.options.body).toContain('did not answer')
    await press('')
    expect(opened).toEqual(['/a/x'])
  })

  test('on the rest of it opens its page, or the one that is open already', async () => {
    await push(question)
    await press('')
    windows = [{ url: 'https://phone.test/a/x' }]
    await push(question)
    await press('')
    expect([opened, focused]).toEqual([['/a/x'], ['https://phone.test/a/x']])
  })

  test('leads to no other site, whatever a push says', async () => {
    await push({ ...question, notification: { ...question.notification, navigate: 'https://evil.test/a/x' } })
    await press('')
    expect(opened).toEqual(['/'])
  })
})
