/** Gotify's rules (https://gotify.net/api-docs). */
import * as z from 'zod'
import { startRecorder } from '../recorder.ts'
import type { StandIn } from './stand-in.ts'

const message = z.strictObject({
  title: z.string(),
  message: z.string().min(1),
  priority: z.number().int().min(0).max(10),
  extras: z.strictObject({
    'client::display': z.strictObject({ contentType: z.enum(['text/plain', 'text/markdown']) }),
    'client::notification': z.strictObject({ click: z.strictObject({ url: z.string() }) }).optional(),
  }),
})

export async function startStandIn(): Promise<StandIn> {
  const broken: string[] = []
  const taken: z.infer<typeof message>[] = []
  const recorder = await startRecorder(({ method, path, headers, body }) => {
    if (headers['x-gotify-key'] !== 'AppToken.1') {
      broken.push('a wrong token')
      return {
        status: 401,
        body: { error: 'Unauthorized', errorCode: 401, errorDescription: 'provide a valid token' },
      }
    }
    const read = message.safeParse(body)
    if (method !== 'POST' || path !== '/push/message' || !read.success) {
      broken.push(read.success ? `${method} ${path}` : z.prettifyError(read.error))
      return {
        status: 400,
        body: { error: 'Bad Request', errorCode: 400, errorDescription: 'no such field' },
      }
    }
    taken.push(read.data)
    return { status: 200, body: { id: taken.length, appid: 1, ...read.data } }
  })
  return {
    recorder,
    // Under a path, as behind somebody's proxy.
    notifications: { gotify: { url: `${recorder.url}/push/`, token: 'AppToken.1' } },
    broken,
    shown: () =>
      taken.map(({ title, message: text, extras }) => ({
        ...{ title, message: text, urlTitle: null },
        url: extras['client::notification']?.click.url ?? null,
      })),
    ended: () => [],
    refusal: {
      status: 401,
      body: {
        error: 'Unauthorized',
        errorCode: 401,
        errorDescription: 'you need to provide a valid access token',
      },
    },
  }
}
