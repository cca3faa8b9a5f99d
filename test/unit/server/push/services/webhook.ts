/** A webhook of the user's own: it takes what it gets, as long as that is what we document. */
import { createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { startRecorder } from '../recorder.ts'
import type { StandIn } from './stand-in.ts'

type Body = { id: string | null; title?: string; message: string; url: string | null; ended?: string }

const PUSH = 'at,id,message,priority,title,urgency,url'
const END = 'answer,at,because,by,ended,id'

const SECRET = `whsec_${Buffer.from('a key of at least 24 bytes!').toString('base64')}`

/** As https://www.standardwebhooks.com has a receiver check it, with a library's worth of strictness. */
function whyNotSigned(headers: IncomingHttpHeaders, body: string, seen: Set<string>): string | null {
  const [id, at, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(
    (name) => headers[name],
  )
  if (typeof id !== 'string' || !/^msg_\w+$/.test(id)) return `the id ${id}`
  if (seen.has(id)) return 'an id for two messages'
  seen.add(id)
  if (!/^\d{10}$/.test(String(at))) return `the time ${at}`
  const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64')
  const wanted = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')
  return signature === `v1,${wanted}` ? null : 'a signature of something else'
}

export async function startStandIn(): Promise<StandIn> {
  const broken: string[] = []
  const taken: Body[] = []
  const ids = new Set<string>()
  const recorder = await startRecorder(({ method, headers, body }) => {
    const why = whyNotSigned(headers, JSON.stringify(body), ids)
    if (why !== null) broken.push(why)
    const fields = Object.keys(body as Body)
      .sort()
      .join()
    if (method !== 'POST') broken.push(`a ${method}`)
    if (fields !== PUSH && fields !== END) broken.push(`the fields ${fields}`)
    taken.push(body as Body)
    return { status: 204 }
  })
  return {
    recorder,
    notifications: { webhook_url: `${recorder.url}/hook`, webhook_secret: SECRET },
    broken,
    shown: () =>
      taken
        .filter(({ ended }) => ended === undefined)
        .map(({ title = '', message, url }) => ({ title, message, url, urlTitle: null })),
    ended: () => taken.filter(({ ended }) => ended !== undefined).map(({ id }) => String(id)),
    refusal: { status: 410, body: 'gone' },
  }
}
