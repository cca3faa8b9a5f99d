/** ntfy: https://docs.ntfy.sh/publish/ and https://docs.ntfy.sh/subscribe/api/ (server 2.16) */
import * as z from 'zod'
import type { Hearing, Push } from '../../ports.ts'
import { keepTrying, pause } from '../http/keep-trying.ts'
import { definePushService, type PushTools } from '../port.ts'

const PRIORITIES = { low: 2, default: 3, high: 4, urgent: 5 } as const
const TOPIC = /^[-_A-Za-z0-9]{1,64}$/

/** The server says something every 45 s. */
const SILENCE_MS = 120_000
/** An answer is 37 letters; whoever knows the topic can send anything. */
const LINE_BYTES = 8_192
/** How long a push waits for the stream that will bring its answer; what comes before it is brought by `since`. */
const OPEN_MS = 5_000

const options = {
  url: z
    .url({ protocol: /^https?$/ })
    .refine((text) => readTopic(text) !== null, 'the address of a topic, such as https://ntfy.sh/my-topic')
    .optional()
    .describe('the address of your topic; on a public server whoever knows it reads along'),
  token: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'an access token such as tk_…')
    .optional()
    .describe('an access token, where the topic wants one'),
  reply_topic: z
    .string()
    .regex(TOPIC, 'up to 64 letters, digits, _ or -')
    .optional()
    .describe('a second topic that brings answers back, so that nothing need reach this machine'),
}

const event = z.object({ id: z.string().max(100), event: z.string(), message: z.string().optional() })

export const ntfy = definePushService({
  name: 'ntfy',
  label: 'ntfy',
  place: 'section',
  options,
  needs: ['url'],
  secrets: ['url', 'reply_topic'],
  variables: { NTFY_URL: 'url', NTFY_TOKEN: 'token' },
  can: { buttons: true, withdraw: true, edit: false, answersBack: true, thirdParty: true },
  canWith: ({ reply_topic: replies }) => ({ answersBack: replies !== undefined }),
  // The phones' services carry some 4 kB of it all, and three buttons take a quarter of that.
  limits: { title: 250, message: 2_400, url: 400, urlTitle: null, count: 'bytes' },
  pausesMs: [5_000, 15_000],
  explain({ json }) {
    const { error } = (json ?? {}) as { error?: unknown }
    return { why: typeof error === 'string' ? error : undefined }
  },
  fromWebhookUrl: ({ href, hostname }) =>
    /^ntfy\./.test(hostname) && readTopic(href) !== null ? { url: href } : null,

  create(settings, tools) {
    const { server, topic } = readTopic(settings.url) ?? { server: '', topic: '' }
    const { token } = settings
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const replies = settings.reply_topic === undefined ? null : `${server}/${settings.reply_topic}`
    const publish = (body: object, signal?: AbortSignal) =>
      tools.request({ url: `${server}/`, headers, body: { topic, ...body }, signal })
    let opened: Promise<void> | null = null

    return {
      name: 'ntfy',
      async send(push, signal) {
        if (push.buttons.length > 0) await opened
        await publish(toMessage(push, replies), signal)
        return { service: 'ntfy', ref: push.ask }
      },
      /** Servers before 2.16 refuse it; an update would make them ring once more. */
      async withdraw({ ref }) {
        await tools.request({ method: 'DELETE', url: `${server}/${topic}/${ref}`, headers })
        return 'withdrawn'
      },
      listen(hearing) {
        const end = new AbortController()
        let isOpen = () => {}
        opened = Promise.race([
          new Promise<void>((resolve) => {
            isOpen = resolve
          }),
          pause(tools, OPEN_MS, end.signal),
        ])
        if (replies === null) isOpen()
        else void follow({ tools, hearing, url: replies, headers, signal: end.signal, isOpen, publish })
        return { stop: () => end.abort() }
      },
    }
  },
})

/** A topic's address as the server's and its name; null for one that is none. */
function readTopic(text: string): { server: string; topic: string } | null {
  const url = URL.parse(text)
  if (url === null || `${url.username}${url.password}${url.search}${url.hash}` !== '') return null
  const [, path = '', topic = ''] = /^(.*)\/([^/]*)\/*$/.exec(url.pathname) ?? []
  return TOPIC.test(topic) ? { server: `${url.origin}${path}`, topic } : null
}

/** With a reply topic a button publishes its code there; without one it brings it to our own door. */
function toMessage(push: Push, replies: string | null): object {
  const actions = push.buttons.flatMap(({ label, code, url }) => {
    const to = replies ?? url
    return to === null ? [] : [{ action: 'http', label, method: 'POST', url: to, body: code, clear: true }]
  })
  return {
    title: push.title,
    message: push.message,
    priority: PRIORITIES[push.priority],
    ...(push.url !== null && { click: push.url }),
    ...(push.ask !== null && { sequence_id: push.ask }),
    ...(actions.length > 0 && { actions }),
  }
}

type Following = {
  tools: PushTools
  hearing: Hearing
  url: string
  headers: Record<string, string>
  signal: AbortSignal
  isOpen(): void
  publish(body: object): Promise<unknown>
}

/** Holds the stream of the reply topic until the signal says otherwise. */
async function follow({ tools, hearing, url, headers, signal, isOpen, publish }: Following): Promise<void> {
  const { memory } = hearing
  const topic = url.slice(url.lastIndexOf('/') + 1)
  // What came before there was anybody to answer is nobody's answer; from then on nothing is missed.
  const [known, from] = (memory.get() ?? '').split(' ')
  let since = known === topic && from ? from : String(Math.floor(tools.now() / 1000))
  memory.set(`${topic} ${since}`)
  await keepTrying({ tools, hearing, signal }, async (isWell) => {
    const onOpen = () => {
      isOpen()
      isWell()
    }
    const stream = { url: `${url}/json?since=${since}`, headers, signal, onOpen }
    for await (const line of tools.lines({ ...stream, silenceMs: SILENCE_MS, maxBytes: LINE_BYTES })) {
      const id = await take(line)
      if (id === null) continue
      since = id
      memory.set(`${topic} ${since}`)
    }
  })

  /** Gives the id of a message that has been dealt with. */
  async function take(line: string): Promise<string | null> {
    const read = event.safeParse(toJson(line))
    if (!read.success || read.data.event !== 'message') return null
    const { isTaken, isKnown, words } = await hearing.answer({
      code: (read.data.message ?? '').trim(),
      person: null,
    })
    // The button's own request has long been answered, so whoever was too late is told by a quiet message.
    if (!isTaken && isKnown)
      await publish({ title: 'Not taken', message: words, priority: 2 }).catch(() => {})
    return read.data.id
  }
}

function toJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
