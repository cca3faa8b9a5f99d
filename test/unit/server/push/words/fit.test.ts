/** A service is told no more than it may hear, and nobody answers from there what is not shown there. */
import { expect, test } from 'vitest'
import type { Push, PushEnd, PushService } from '../../../../../server/ports.ts'
import type { AskId } from '../../../../../server/protocol.ts'
import type { CommonSettings } from '../../../../../server/push/options.ts'
import { fitted } from '../../../../../server/push/words/fit.ts'
import { aPush, someButtons } from '../create-services.ts'

const can = { buttons: true, withdraw: true, edit: true, answersBack: true, thirdParty: true }
const ASK = 'abc234' as AskId

function through(common: Partial<CommonSettings>, limits: object = {}) {
  const sent: Push[] = []
  const ended: PushEnd[] = []
  const service: PushService = {
    name: 'one',
    async send(push) {
      sent.push(push)
      return { service: 'one', ref: null }
    },
    async withdraw(_, end) {
      ended.push(end)
      return 'edited'
    },
  }
  const all = { title: null, message: null, url: null, urlTitle: null, ...limits }
  const usual = { events: undefined, min_priority: 'low', content: 'full', tap: 'page' } as const
  const fit = fitted(service, { can, limits: all }, { ...usual, terminal: 'ssh://me@machine', ...common })
  return { fit, sent, ended }
}
const END: PushEnd = {
  ...{ ask: ASK, state: 'answered', because: null, answer: 'deny', by: 'page', at: 1 },
  ...{
    words: 'Answered No on the page.',
    session: 'app',
    title: 'app: Bash needs approval',
    message: 'git push secret',
  },
}

test.each([
  ['title', 'app: Bash needs approval'],
  ['none', 'app has a question'],
] as const)(
  'with content: %s neither a push nor its end says what is asked, and there is no button',
  async (content, title) => {
    const { fit, sent, ended } = through({ content })
    await fit.send(aPush({ ask: ASK, message: 'git push secret', buttons: someButtons() }))
    await fit.withdraw?.({ service: 'one', ref: null }, END)
    expect(sent).toMatchObject([{ title, buttons: [], url: aPush().url }])
    expect(ended).toMatchObject([{ title, words: 'It is over.' }])
    expect(JSON.stringify([sent, ended])).not.toContain('git push secret')
  },
)

test.each([
  ['characters', undefined, 100],
  ['bytes', 'bytes', 100],
  ['units', 'units', 100],
] as const)(
  'a text is cut to the limit as the service counts %s, and both its ends are kept',
  async (_, count, most) => {
    const { fit, sent } = through({}, { message: most, count })
    await fit.send(aPush({ message: `begin ${'👩‍👩‍👧שלום'.repeat(200)} end`, buttons: someButtons() }))
    const { message = '', buttons } = sent[0] ?? {}
    const size = {
      characters: [...message].length,
      bytes: Buffer.byteLength(message),
      units: message.length,
    }[_]
    expect(size).toBeLessThanOrEqual(most)
    expect(size).toBeGreaterThan(most * 0.8)
    expect([message.startsWith('begin '), message.endsWith(' end'), message.isWellFormed()]).toEqual([
      true,
      true,
      true,
    ])
    expect(buttons?.map(({ label }) => label)).toEqual(['No'])
  },
)

test('Always stands beside its scope or not at all', async () => {
  const room = aPush().message.length
  const { fit, sent } = through({}, { message: room + 60 })
  await fit.send(aPush({ buttons: someButtons() }))
  await through({}, { message: room + 10 }).fit.send(aPush())
  const tight = through({}, { message: room + 10 })
  await tight.fit.send(aPush({ buttons: someButtons() }))
  expect(sent[0]?.message).toContain('Always: Yes to git push, until this session ends')
  expect(tight.sent[0]).toMatchObject({
    message: aPush().message,
    buttons: [{ label: 'Yes' }, { label: 'No' }],
  })
})

test('with tap: terminal a question leads to the terminal, its buttons stay, and news lead nowhere', async () => {
  const { fit, sent } = through({ tap: 'terminal' })
  await fit.send(aPush({ ask: ASK, buttons: someButtons() }))
  await fit.send(aPush({ url: null, urlTitle: null }))
  expect(sent[0]).toMatchObject({ url: 'ssh://me@machine', urlTitle: 'Open the terminal' })
  expect(sent[0]?.buttons).toHaveLength(3)
  expect(sent[1]).toMatchObject({ url: null, urlTitle: null })
})

test('a service whose links open web pages alone keeps the page', async () => {
  const { fit, sent } = through({ tap: 'terminal' }, { links: 'web' })
  await fit.send(aPush({ ask: ASK }))
  expect(sent).toMatchObject([{ url: aPush().url, urlTitle: 'Answer' }])
})
