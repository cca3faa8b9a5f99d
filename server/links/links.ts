/** Where asks can be answered: links to pages, and codes behind buttons. */
import type { Ask } from '../asks/ask.ts'
import type { PushButton } from '../ports.ts'
import type { AskId } from '../protocol.ts'
import { toCode } from './answer-codes.ts'
import { hashToken, linkToken } from './answer-links.ts'

export type Links = ReturnType<typeof createLinks>

/** `base`: where the phone door is reached, without a final slash; null while it is not open. */
export function createLinks({ key, base }: { key: Buffer; base: () => string | null }) {
  return {
    /** The answer page of an ask; null while no phone door is open. */
    of(id: AskId): string | null {
      const at = base()
      return at === null ? null : `${at}/a/${linkToken(key, id)}`
    },
    /** What the store keeps of the link. */
    hashOf: (id: AskId): string => hashToken(linkToken(key, id)),
    /** An offer as a button of a push through that service. */
    seal(ask: Ask, service: string, offer: Omit<PushButton, 'code' | 'url'>): PushButton {
      const at = base()
      const url = at === null ? null : `${at}/b/${service}`
      return { ...offer, code: toCode(key, ask, service, offer.answer), url }
    },
  }
}
