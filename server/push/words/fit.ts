/** What a service is given of a push: as much as it may read, within its limits. Pure. */
import type { Push, PushEnd, PushService } from '../../ports.ts'
import { shorten } from '../../text/preview.ts'
import type { CommonSettings } from '../options.ts'
import type { PushAbilities, PushLimits } from '../port.ts'

type Content = CommonSettings['content']
/** `terminal` is the link of `tap: terminal`. */
type How = CommonSettings & { terminal: string | null }
type Of = { can: PushAbilities; limits: PushLimits }

/** The service behind its limits, and with what the configuration wants it to be told of. */
export function fitted(service: PushService, of: Of, common: How): PushService {
  const { events, min_priority: minPriority, content } = common
  const { withdraw } = service
  return {
    ...service,
    taste: { events: events ?? null, minPriority },
    send: (push, signal) => service.send(fitTo(of, toContent(toLink(push, of, common), content)), signal),
    ...(withdraw && { withdraw: (receipt, end) => withdraw(receipt, fitEnd(of, end, content)) }),
  }
}

/**
 * Where a tap on the push leads, for somebody who would rather answer in the pane. News lead nowhere, and a service that would
 * refuse such a link keeps the page's.
 */
function toLink(push: Push, { limits }: Of, { tap, terminal }: How): Push {
  if (tap !== 'terminal' || terminal === null || push.url === null || limits.links === 'web') return push
  return { ...push, url: terminal, urlTitle: 'Open the terminal' }
}

/** As much of it as may pass through somebody else's hands; nobody answers from there what is not shown there. */
function toContent(push: Push, content: Content): Push {
  if (content === 'full') return push
  const title = content === 'title' ? push.title : untitled(push.session, push.ask !== null)
  const message = push.url === null ? 'See rc asks -a.' : 'Open it to read on.'
  return { ...push, title, message, buttons: [] }
}

function untitled(session: string, isAsk: boolean): string {
  return `${session} has ${isAsk ? 'a question' : 'news'}`
}

/** The push within a service's limits: texts keep both their ends, and a link that is too long is none. */
function fitTo({ can, limits }: Of, push: Push): Push {
  const { url, urlTitle } = push
  const { count } = limits
  const fit = {
    ...push,
    title: cut(push.title, limits.title, count),
    message: cut(push.message, limits.message, count),
    url: url !== null && limits.url !== null && url.length > limits.url ? null : url,
    urlTitle: urlTitle === null ? null : cut(urlTitle, limits.urlTitle, count),
  }
  if (!can.buttons) return { ...fit, buttons: [] }
  // What is cut off can be refused unseen, and not allowed.
  const buttons = push.buttons.filter(({ answer }) => answer === 'deny' || fit.message === push.message)
  const scope = buttons.find(({ answer }) => answer === 'always')?.scope
  const message = `${fit.message}\n\nAlways: ${scope}`
  if (scope && cut(message, limits.message, count) === message) return { ...fit, message, buttons }
  return { ...fit, buttons: buttons.filter(({ answer }) => answer !== 'always') }
}

function fitEnd({ limits }: Of, end: PushEnd, content: Content): PushEnd {
  const isFull = content === 'full'
  const title = content === 'none' ? untitled(end.session, true) : end.title
  return {
    ...end,
    title: cut(title, limits.title, limits.count),
    message: isFull ? cut(end.message, limits.message, limits.count) : '',
    words: isFull ? end.words : 'It is over.',
  }
}

/** The text, or both its ends, as the service counts them. */
function cut(text: string, most: number | null, count: PushLimits['count']): string {
  if (most === null) return text
  if (count === undefined) return shorten(text, most)
  const size = (one: string) => (count === 'bytes' ? Buffer.byteLength(one) : one.length)
  // A character has at least one byte, and the fewer of them are kept, the fewer bytes there are.
  let [fits, tooMany] = [0, most + 1]
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2)
    if (size(shorten(text, middle)) <= most) fits = middle
    else tooMany = middle
  }
  return shorten(text, fits)
}
