/** Slack's rules for incoming webhooks and Block Kit: https://docs.slack.dev/reference/block-kit */
import * as z from 'zod'
import { startRecorder } from '../recorder.ts'
import type { StandIn } from './stand-in.ts'

const plain = (most: number) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(most),
    emoji: z.boolean().optional(),
  })
const header = z.strictObject({ type: z.literal('header'), text: plain(150) })
const section = z.strictObject({ type: z.literal('section'), text: plain(3_000) })
const button = z.strictObject({
  type: z.literal('button'),
  text: plain(75),
  url: z.url().max(3_000),
  action_id: z.string().max(255),
})
const actions = z.strictObject({ type: z.literal('actions'), elements: z.array(button).min(1).max(25) })
const message = z.strictObject({
  text: z
    .string()
    .min(1)
    .regex(/^(?:[^<>&]|&(?:amp|lt|gt);)*$/, 'not escaped'),
  blocks: z.tuple([header, section], actions),
  unfurl_links: z.literal(false),
  unfurl_media: z.literal(false),
})

export async function startStandIn(): Promise<StandIn> {
  const broken: string[] = []
  const taken: z.infer<typeof message>[] = []
  const recorder = await startRecorder(({ method, body }) => {
    const read = message.safeParse(body)
    if (method !== 'POST' || !read.success) {
      broken.push(read.success ? method : z.prettifyError(read.error))
      return { status: 400, text: 'invalid_blocks' }
    }
    taken.push(read.data)
    return { status: 200, text: 'ok' }
  })
  return {
    recorder,
    notifications: { slack: { webhook_url: `${recorder.url}/services/T0/B0/secret` } },
    broken,
    shown: () =>
      taken.map(({ blocks: [title, text, links] }) => {
        const [link] = links?.elements ?? []
        return {
          ...{ title: title.text.text, message: text.text.text },
          ...{ url: link?.url ?? null, urlTitle: link?.text.text ?? null },
        }
      }),
    ended: () => [],
    refusal: { status: 404, body: 'no_service' },
  }
}
