/** What became of an ask, what was really allowed, and an answer that came too late for it. */

import { describeOutcome, LOST } from '../asks/outcome-words.ts'
import { withEdit } from '../claude/edit.ts'
import type { AskState, AskView } from '../protocol.ts'
import { showHidden } from '../text/preview.ts'
import { ToolInput } from './input.tsx'

/** An answer that changed nothing: whether it said the same as the one that counts, and the words that nobody got. */
export type Lost = { isSame: boolean; words: string | null }

type Ending = { ask: AskView; now: number; lost: Lost | null; own: string | null }

/** The whole of an ended ask but its matter. `now` in milliseconds since 1970. */
export function Outcome({ ask, now, lost, own }: Ending) {
  return (
    <>
      {lost !== null && <LostAnswer lost={lost} state={ask.state} />}
      <div class="end" role="status">
        {describeOutcome(ask, now).map((sentence) => (
          <p>{showHidden(sentence)}</p>
        ))}
        {ask.device !== null && (
          <p class="soft">{ask.device === own ? 'With this browser.' : `With ${ask.device}.`}</p>
        )}
      </div>
      {ask.message !== null && (
        <>
          <h2>{ask.kind === 'reply' ? 'The reply' : 'The words for Claude'}</h2>
          <pre tabindex={0}>{showHidden(ask.message)}</pre>
        </>
      )}
    </>
  )
}

/** A call as it was allowed, and, out of the way, as it had been asked. */
export function ChangedInput({ ask }: { ask: AskView }) {
  const input = ask.changed === null ? null : withEdit(ask.tool, ask.input, ask.changed.value)
  if (input === null) return <ToolInput ask={ask} />
  return (
    <>
      <p class="notice">This is what was allowed. It is not what Claude had asked for.</p>
      <ToolInput ask={{ ...ask, input }} />
      <details>
        <summary>What Claude had asked for</summary>
        <ToolInput ask={ask} />
      </details>
    </>
  )
}

function LostAnswer({ lost: { isSame, words }, state }: { lost: Lost; state: AskState }) {
  return (
    <div role="alert">
      <p class="notice">
        <b>Your answer changed nothing:</b> {isSame ? 'the same one was there already.' : `${LOST[state]}.`}
      </p>
      {words !== null && (
        <>
          <h2>{isSame ? 'Your words, once more' : 'Your words, which nobody got'}</h2>
          <pre tabindex={0}>{showHidden(words)}</pre>
        </>
      )}
    </div>
  )
}
