/** Finds the ask that a shortened id means. */
import type { OwnerClient } from '../../server/client.ts'
import type { AskView } from '../../server/protocol.ts'
import { CommandError } from '../cli/errors.ts'
import { toOneLine } from '../cli/text-width.ts'
import { whatOf } from './describe.ts'

/** How many of those that a word may mean are named. */
const MOST_NAMED = 8

/** The one ask that `word` means, with all that it is about; lists have head and tail of long ones. Throws as `findAsk`. */
export async function findWhole(client: Pick<OwnerClient, 'asks' | 'ask'>, word: string): Promise<AskView> {
  const found = findAsk(await client.asks(true), word)
  return (await client.ask(found.id)) ?? found
}

/**
 * The one ask whose id is `word` or begins with it. Throws when it is none or several: one that has just ended counts as
 * well, because a word that was meant for it must not answer the next one.
 */
export function findAsk(asks: readonly AskView[], word: string): AskView {
  const whole = asks.find(({ id }) => id === word)
  if (whole !== undefined) return whole
  const found = asks.filter(({ id }) => word !== '' && id.startsWith(word))
  const [only, ...others] = found
  if (only === undefined) {
    throw new CommandError(
      'no-such-ask',
      `There is no ask ${JSON.stringify(word)}.`,
      'rc asks --all lists them all.',
    )
  }
  if (others.length === 0) return only
  const isWaiting = ({ state }: AskView) => state === 'pending'
  const inOrder = [...found.filter(isWaiting), ...found.filter((ask) => !isWaiting(ask))]
  const lines = inOrder.slice(0, MOST_NAMED).map(nameOf)
  const more = found.length > MOST_NAMED ? [`    and ${found.length - MOST_NAMED} more`] : []
  const message = `${JSON.stringify(word)} is the beginning of several asks:\n${[...lines, ...more].join('\n')}`
  throw new CommandError('ambiguous-ask', message, 'Give more letters of the one you mean.')
}

function nameOf(ask: AskView): string {
  return `    ${ask.id}  ${ask.state.padEnd(10)}  ${toOneLine(`${ask.session}  ${whatOf(ask)}`)}`
}

/** The one session whose name begins with `word`; null when there is none. Throws when there are several. */
export async function findAudited(client: Pick<OwnerClient, 'audit'>, word: string): Promise<string | null> {
  const names = new Set<string>()
  for (let number = 0; ; ) {
    const entries = await client.audit(number)
    for (const { session } of entries) names.add(session)
    const last = entries.at(-1)
    if (last === undefined) break
    number = last.number
  }
  if (names.has(word)) return word
  const [only, ...others] = [...names].filter((name) => name.startsWith(word))
  if (others.length === 0) return only ?? null
  throw new CommandError(
    'ambiguous-session',
    `${JSON.stringify(word)} is the beginning of several sessions: ${[only, ...others].join(', ')}.`,
    'Give more letters of the one you mean.',
  )
}
