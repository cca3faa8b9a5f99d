/** Pushover's rules (https://pushover.net/api), as its cloud holds them. */
import { problemsOf, type RecordedPush } from '../../../../fixtures/pushover.ts'
import { startRecorder } from '../recorder.ts'
import type { StandIn } from './stand-in.ts'

export async function startStandIn(): Promise<StandIn> {
  const broken: string[] = []
  const taken: RecordedPush[] = []
  const receipts = new Map<string, string>()
  const cancelled: string[] = []
  const recorder = await startRecorder(({ method, path, body }) => {
    const [, receipt] = /^\/1\/receipts\/(\w+)\/cancel\.json$/.exec(path) ?? []
    if (receipt !== undefined) {
      if (!receipts.has(receipt)) broken.push(`there is no receipt ${receipt}`)
      cancelled.push(receipts.get(receipt) ?? '')
      return { status: 200, body: { status: 1 } }
    }
    const push = body as RecordedPush
    const errors =
      method === 'POST' && path === '/1/messages.json' ? problemsOf(push) : [`there is no ${method} ${path}`]
    broken.push(...errors)
    if (errors.length > 0) return { status: 400, body: { status: 0, errors, request: 'refused' } }
    taken.push(push)
    const answer = { status: 1, request: `request-${taken.length}` }
    if (push.priority !== 2) return { status: 200, body: answer }
    receipts.set(`receipt${taken.length}`, 'abc234')
    return { status: 200, body: { ...answer, receipt: `receipt${taken.length}` } }
  })
  return {
    recorder,
    notifications: {
      pushover: {
        ...{ user_key: 'u'.repeat(30), api_token: 'a'.repeat(30), api_url: `${recorder.url}/` },
        // The only one that can be ended.
        priority: { high: 2 },
      },
    },
    broken,
    shown: () =>
      taken.map(({ title = '', message, url = null, url_title: urlTitle = null }) => ({
        title,
        message,
        url,
        urlTitle,
      })),
    ended: () => cancelled,
    refusal: {
      status: 400,
      body: { user: 'invalid', errors: ['user identifier is invalid'], status: 0, request: 'r' },
    },
  }
}
