/** A webhook of the user's own: it takes what it gets, as long as that is what we document. */
import { startRecorder } from '../recorder.ts'
import type { StandIn } from './stand-in.ts'

type Body = { id: string | null; title?: string; message: string; url: string | null; ended?: string }

const PUSH = 'at,id,message,priority,title,urgency,url'
const END = 'answer,at,because,by,ended,id'

export async function startStandIn(): Promise<StandIn> {
  const broken: string[] = []
  const taken: Body[] = []
  const recorder = await startRecorder(({ method, body }) => {
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
    notifications: { webhook_url: `${recorder.url}/hook` },
    broken,
    shown: () =>
      taken
        .filter(({ ended }) => ended === undefined)
        .map(({ title = '', message, url }) => ({ title, message, url, urlTitle: null })),
    ended: () => taken.filter(({ ended }) => ended !== undefined).map(({ id }) => String(id)),
    refusal: { status: 410, body: 'gone' },
  }
}
