/** Talks to the proxy in raw bytes, and judges what it says to something that it has to refuse. */
import { type Attempt, escaped, type Facts, notTried, stopped, type Verdict } from './attempt.ts'
import { talk } from './network.ts'

/** The first answer to `bytes`, or what became of the connection. */
export async function askProxy(
  { inside }: Facts,
  bytes: string | Buffer,
): Promise<{ status: number; kind: string; text: string }> {
  const answer = (await talk({ host: '127.0.0.1', port: inside.proxyPort }, bytes)).toString('latin1')
  const [, status = '0'] = /^HTTP\/1\.[01] (\d{3})/.exec(answer) ?? []
  const [, kind = ''] = /^X-Proxy-Error: (.*)$/im.exec(answer) ?? []
  const [, body = ''] = /\r\n\r\n([\s\S]*)$/.exec(answer) ?? []
  return { status: Number(status), kind: kind.trim(), text: toSentence(body) }
}

/**
 * Only a refusal before anything was looked up or connected counts: "could not be resolved" and "did not answer" mean
 * that the allowlist had said yes.
 */
async function mustRefuse(facts: Facts, bytes: string | Buffer): Promise<Verdict> {
  try {
    const { status, kind, text } = await askProxy(facts, bytes)
    if (status === 0) return stopped('the proxy closed the connection without an answer')
    const isRefusal = ['blocked-by-allowlist', 'bad-request', 'upgrade-refused'].includes(kind)
    return isRefusal
      ? stopped(`${status}: ${text}`)
      : escaped(`the proxy went ahead: ${status} ${kind} ${text}`)
  } catch (error) {
    return notTried(`the proxy could not be asked: ${(error as Error).message}`)
  }
}

/** An attempt whose bytes the proxy has to refuse. */
export function refused(facts: Facts, what: Omit<Attempt, 'run'> & { bytes: string | Buffer }): Attempt {
  const { bytes, ...attempt } = what
  return { ...attempt, run: () => mustRefuse(facts, bytes) }
}

function toSentence(body: string): string {
  const text = body.replaceAll(/[^ -~]+/g, ' ').trim()
  const [first = ''] = /^.*?\.(?= |$)/.exec(text) ?? [text]
  return first.slice(0, 200).replace(/\.$/, '')
}
