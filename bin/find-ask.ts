/** Finds the ask that a shortened id means. */
import type { AskView } from '../server/protocol.ts'
import { whatOf } from './describe-ask.ts'
import { CommandError } from './errors.ts'
import { toOneLine } from './text-width.ts'

/** The one ask whose id begins with `word`; waiting ones come before ended ones. Throws when it is none or several. */
export function findAsk(asks: readonly AskView[], word: string): AskView {
  const whole = asks.find(({ id }) => id === word)
  if (whole !== undefined) return whole
  const found = asks.filter(({ id }) => word !== '' && id.startsWith(word))
  const waiting = found.filter(({ state }) => state === 'pending')
  const candidates = waiting.length > 0 ? waiting : found
  const [only, ...others] = candidates
  if (only === undefined) {
    throw new CommandError(
      'no-such-ask',
      `There is no ask ${JSON.stringify(word)}.`,
      'rc asks --all lists them all.',
    )
  }
  if (others.length === 0) return only
  const lines = candidates.map((ask) => `    ${ask.id}  ${toOneLine(`${ask.session}  ${whatOf(ask)}`)}`)
  const message = `${JSON.stringify(word)} is the beginning of several asks:\n${lines.join('\n')}`
  throw new CommandError('ambiguous-ask', message, 'Give more letters of the one you mean.')
}
