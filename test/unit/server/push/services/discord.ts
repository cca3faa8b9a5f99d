/** Discord's rules for a channel's webhook: https://docs.discord.com/developers/resources/webhook */
import * as z from 'zod'
import { startRecorder } from '../recorder.ts'
import type { StandIn } from './stand-in.ts'

const embed = z.strictObject({
  title: z.string().min(1).max(256),
  description: z.string().min(1).max(4_096),
  color: z.number().optional(),
})
const link = z.strictObject({
  type: z.literal(2),
  style: z.literal(5),
  label: z.string().min(1).max(80),
  url: z.url().max(512),
})
const message = z.strictObject({
  embeds: z.array(embed).min(1).max(10),
  allowed_mentions: z.strictObject({ parse: z.tuple([]) }),
  components: z
    .array(z.strictObject({ type: z.literal(1), components: z.array(link).min(1).max(5) }))
    .optional(),
})
type Message = z.infer<typeof message> & { isEdited: boolean }

/** What a person reads: a backslash before a sign stands for the sign. */
const rendered = (text = '') => text.replace(/\\([^\w\s])/g, '$1')

export async function startStandIn(): Promise<StandIn> {
  const broken: string[] = []
  const taken: Message[] = []
  const recorder = await startRecorder(({ method, path, body }) => {
    const refuse = (why: string) => {
      broken.push(why)
      return { status: 400, body: { message: 'Invalid Form Body', code: 50_035 } }
    }
    const read = message.safeParse(body)
    if (!read.success) return refuse(z.prettifyError(read.error))
    const [, number, asked] = /\/secret\/messages\/(\d+)(?:\?(.*))?$/.exec(path) ?? []
    if (method === 'PATCH' && number !== undefined) {
      const one = taken[Number(number)]
      if (one === undefined) return refuse('Unknown Message')
      // It does not look at them unless it is told to.
      const { components, ...data } = read.data
      Object.assign(one, data, asked === 'with_components=true' ? { components } : {}, { isEdited: true })
      return { status: 200, body: { id: number } }
    }
    if (method !== 'POST' || !path.endsWith('/secret?wait=true&with_components=true'))
      return refuse(`${method} ${path}`)
    taken.push({ ...read.data, isEdited: false })
    return { status: 200, body: { id: String(taken.length - 1) } }
  })
  return {
    recorder,
    notifications: { discord: { webhook_url: `${recorder.url}/api/webhooks/1/secret` } },
    broken,
    shown: () =>
      taken.map(({ embeds: [one], components = [] }) => {
        const [first] = components.flatMap(({ components: links }) => links)
        return {
          ...{ title: rendered(one?.title), message: rendered(one?.description) },
          ...{ url: first?.url ?? null, urlTitle: first?.label ?? null },
        }
      }),
    // A link that still stands there says that there is something to answer.
    ended: () =>
      taken.flatMap(({ isEdited, components = [] }) =>
        isEdited && components.length === 0 ? ['abc234'] : [],
      ),
    refusal: { status: 404, body: { message: 'Unknown Webhook', code: 10_015 } },
  }
}
