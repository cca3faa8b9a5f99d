/**
 * A small ntfy server that keeps the documented rules, and the phone's app before it: https://docs.ntfy.sh/publish/,
 * https://docs.ntfy.sh/subscribe/api/.
 */
import type { ServerResponse } from 'node:http'
import * as z from 'zod'
import { type Received, type Reply, startRecorder } from '../recorder.ts'
import type { StandIn } from './stand-in.ts'

const TOPIC = 'rc-alerts'
const REPLIES = 'rc-answers'
const TOKEN = 'tk_0123456789abcdefghijklmnopqrs'

const action = z.strictObject({
  action: z.literal('http'),
  label: z.string().min(1),
  url: z.url(),
  method: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.string().optional(),
  clear: z.boolean().optional(),
})
const message = z.strictObject({
  topic: z.string().regex(/^[-_A-Za-z0-9]{1,64}$/),
  title: z.string().optional(),
  message: z.string(),
  priority: z.number().int().min(1).max(5).optional(),
  click: z.string().optional(),
  sequence_id: z
    .string()
    .regex(/^[-_A-Za-z0-9]{1,64}$/)
    .optional(),
  actions: z.array(action).max(3).optional(),
})
type Message = z.infer<typeof message>
type Kept = { id: string; time: number; event: 'message'; topic: string; message: string }

export type NtfyPhone = StandIn & {
  /** What came of the last button, as the app shows it: an error text, or null where the answer was 2xx. */
  pressed(): string | null
  /** The notifications that are shown now. */
  visible(): Message[]
}

/** `reply`: whether the buttons come back over a topic. */
export async function startStandIn({ reply = true } = {}): Promise<NtfyPhone> {
  const broken: string[] = []
  const published: Message[] = []
  const deleted: string[] = []
  const kept: Kept[] = []
  const streams = new Set<{ topic: string; response: ServerResponse }>()
  let lastPress: string | null = null

  const recorder = await startRecorder((received) => {
    const { pathname, searchParams } = new URL(received.path, 'http://ntfy.test')
    const [, topic = '', what = ''] = pathname.split('/')
    const isOurs = received.headers.authorization === `Bearer ${TOKEN}`
    if (topic !== REPLIES && !isOurs) return refuse(received, 403, 40_301, 'forbidden')
    if (received.method === 'DELETE') {
      deleted.push(what)
      return { status: 200, body: { event: 'message_delete' } }
    }
    if (what === 'json')
      return { by: (response) => subscribe(topic, searchParams.get('since') ?? '', response) }
    if (topic === '') return publish(received)
    return receive(topic, String(received.body))
  })

  function refuse({ method, path }: Received, http: number, code: number, error: string): Reply {
    broken.push(`${method} ${path}: ${error}`)
    return { status: http, body: { code, http, error } }
  }

  function publish(received: Received): Reply {
    const read = message.safeParse(received.body)
    if (!read.success) return refuse(received, 400, 40_017, z.prettifyError(read.error))
    if (Buffer.byteLength(read.data.message) > 4_096)
      return refuse(received, 413, 41_301, 'message too large')
    if (Buffer.byteLength(JSON.stringify(received.body)) > 6_000)
      return refuse(received, 413, 41_301, 'too large for FCM')
    published.push(read.data)
    return { status: 200, body: keep(TOPIC, read.data.message) }
  }

  /** Anybody may send to the reply topic. */
  function receive(topic: string, text: string): Reply {
    const one = keep(topic, text)
    for (const stream of streams)
      if (stream.topic === topic) stream.response.write(`${JSON.stringify(one)}\n`)
    return { status: 200, body: one }
  }

  function keep(topic: string, text: string): Kept {
    const one: Kept = {
      id: `m${kept.length}`,
      time: 4_000_000_000 + kept.length,
      event: 'message',
      topic,
      message: text,
    }
    kept.push(one)
    return one
  }

  function subscribe(topic: string, since: string, response: ServerResponse): void {
    if (!/^(all|none|m\d+|\d+)$/.test(since)) broken.push(`since=${since}`)
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    response.write(`${JSON.stringify({ id: 'o1', time: 1, event: 'open', topic })}\n`)
    const known = kept.findIndex(({ id }) => id === since)
    const cached = known >= 0 ? kept.slice(known + 1) : kept.filter(({ time }) => time >= Number(since))
    for (const one of cached) if (one.topic === topic) response.write(`${JSON.stringify(one)}\n`)
    response.write(`${JSON.stringify({ id: 'k1', time: 1, event: 'keepalive', topic })}\n`)
    const stream = { topic, response }
    streams.add(stream)
    response.on('close', () => streams.delete(stream))
  }

  const asks = () => published.filter(({ title }) => title !== 'Not taken')

  return {
    recorder,
    notifications: {
      ntfy: { url: `${recorder.url}/${TOPIC}`, token: TOKEN, ...(reply && { reply_topic: REPLIES }) },
    },
    broken,
    shown: () =>
      published.map(({ title = '', message: text, click }) => ({
        ...{ title, message: text, url: click ?? null, urlTitle: null },
      })),
    ended: () => deleted,
    refusal: { status: 403, body: { code: 40_301, http: 403, error: 'forbidden' } },
    buttons: () =>
      asks().map(({ actions = [] }) => actions.map(({ label, body = '' }) => ({ label, code: body }))),
    /** As the Android app does it: the request as it stands there, and an error text where the answer is not 2xx. */
    async tap(at, label) {
      const pressed = asks()[at]?.actions?.find((one) => one.label === label)
      if (pressed === undefined) throw new Error(`there is no button ${label}`)
      const response = await fetch(pressed.url, {
        method: pressed.method ?? 'POST',
        ...(pressed.headers && { headers: pressed.headers }),
        ...(pressed.body !== undefined && { body: pressed.body }),
      })
      lastPress = response.ok ? null : (await response.text()).trim()
    },
    person: null,
    pressed: () => lastPress,
    visible: () => published.filter(({ sequence_id: id }) => id === undefined || !deleted.includes(id)),
  }
}
