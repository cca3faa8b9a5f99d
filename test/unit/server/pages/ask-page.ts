/** An ask's page, for tests. */
import { type Ask, toView } from '../../../../server/asks/ask.ts'
import { askPage } from '../../../../server/pages/index.tsx'
import { anAsk } from '../asks.ts'

export const page = (change: Partial<Ask>) =>
  String(askPage({ ask: toView(anAsk(change), null), now: 0, place: { number: 1, of: 1 } }))

/** The page's words without its tags, as a reader gets them. */
export const words = (change: Partial<Ask>) =>
  page(change)
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
