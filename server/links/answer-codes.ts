/**
 * Codes behind the buttons of a push. Each gives one answer to one ask as it was shown, through one service: derived from
 * the key, so nothing of them is stored. Pure.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Ask } from '../asks/ask.ts'
import type { PushButton } from '../ports.ts'
import type { AskId } from '../protocol.ts'

type Said = PushButton['answer']

const LETTERS: Record<Said, string> = { allow: 'y', always: 'a', deny: 'n' }
const CODE = /^([a-z2-9]{6,12})\.([yan])\.([A-Za-z0-9_-]{22})$/

/** At most 37 characters: Telegram takes 64 bytes. */
export function toCode(key: Buffer, ask: Pick<Ask, 'id' | 'digest'>, service: string, answer: Said): string {
  return `${ask.id}.${LETTERS[answer]}.${sealOf(key, ask, service, answer)}`
}

/** Which ask a code is for, and what it says if it is a good one; null for a text that cannot be one. */
export function readCode(text: string): { id: AskId; answer: Said; seal: string } | null {
  const [, id, letter, seal] = CODE.exec(text) ?? []
  const answer = (Object.keys(LETTERS) as Said[]).find((said) => LETTERS[said] === letter)
  return id === undefined || seal === undefined || answer === undefined
    ? null
    : { id: id as AskId, answer, seal }
}

/** Whether the code was made here for this ask and this service. */
export function isGoodCode(
  key: Buffer,
  ask: Pick<Ask, 'id' | 'digest'>,
  service: string,
  code: { answer: Said; seal: string },
): boolean {
  return timingSafeEqual(Buffer.from(sealOf(key, ask, service, code.answer)), Buffer.from(code.seal))
}

function sealOf(
  key: Buffer,
  { id, digest }: Pick<Ask, 'id' | 'digest'>,
  service: string,
  said: Said,
): string {
  const text = JSON.stringify(['push-answer', service, id, digest, said])
  return createHmac('sha256', key).update(text).digest().subarray(0, 16).toString('base64url')
}
