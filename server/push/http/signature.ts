/** Signatures of our webhook, by Standard Webhooks (https://www.standardwebhooks.com, specification of 2023). Pure. */
import { createHash, createHmac } from 'node:crypto'

/** The bytes of a secret: base64 behind `whsec_`, or the text itself. */
function toKey(secret: string): Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret)
}

/** Names a message; `count` tells two of the same text apart. Every try of one has the same. */
export function messageId(body: string, count: number): string {
  return `msg_${createHash('sha256').update(`${count} ${body}`).digest('hex').slice(0, 24)}`
}

/** The headers of a message; `at` in milliseconds since 1970. */
export function signatureHeaders(secret: string, { id, at, body }: { id: string; at: number; body: string }) {
  const seconds = String(Math.floor(at / 1000))
  const mac = createHmac('sha256', toKey(secret)).update(`${id}.${seconds}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${mac}` }
}
