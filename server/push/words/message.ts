/** The push of one ask, and the buttons that it has in each service. Pure. */
import type { Ask } from '../../asks/ask.ts'
import type { Priority } from '../../attention/priority.ts'
import type { Links } from '../../links/links.ts'
import type { Push, PushButton } from '../../ports.ts'
import type { Attention } from '../attention.ts'
import { toPush } from './ask-push.ts'
import { offersOf } from './buttons.ts'

type How = {
  /** The words in which it is told. */
  text: string | null
  priority: Priority
  links: Pick<Links, 'of' | 'seal'>
  attention: Pick<Attention, 'graveOf'>
}

export type Message = { push: Push; buttonsFor: (service: string) => PushButton[] }

export function messageFor(ask: Ask, { text, priority, links, attention }: How): Message {
  const push = toPush({ ...ask, text }, links.of(ask.id), priority)
  const offers = offersOf(ask, push.message, attention.graveOf(ask) !== null)
  return { push, buttonsFor: (service) => offers.map((offer) => links.seal(ask, service, offer)) }
}
