/** The inbox: what can be answered now, how the sessions are, and what has ended. */
import { ago, inTime, whoOf } from '../../asks/outcome-words.ts'
import { headline } from '../../asks/titles.ts'
import { summary } from '../../claude/summary.ts'
import type { AskView } from '../../protocol.ts'
import { shorten, showHidden } from '../../text/preview.ts'
import { InboxCard, pathOf } from './card.tsx'
import { Frame } from './frame.tsx'
import type { InboxView } from './view.ts'

const WORDS_LENGTH = 140

export function inboxPage(view: InboxView) {
  const { count, cards, more, now } = view
  return (
    <Frame title="Remote Claude" count={count} here="/" script="/inbox.js">
      <h1 class="spoken">What waits for you</h1>
      <section id="cards" aria-label="What waits for you" aria-live="polite" data-more={String(more)}>
        {cards.map((card) => (
          <InboxCard card={card} now={now} />
        ))}
      </section>
      <p id="more" class="soft" hidden={more === 0}>
        {more} more {more === 1 ? 'waits' : 'wait'}; they come up as you answer these.
      </p>
      <p id="empty" class="soft" hidden={count > 0}>
        {emptyWords(view)}
      </p>
      <div id="below">
        <Below view={view} />
      </div>
    </Frame>
  )
}

/** What stands under the cards, for a page that is open already. */
export function belowPart(view: InboxView) {
  return <Below view={view} />
}

function emptyWords({ sessions }: InboxView): string {
  const working = sessions.filter(({ state }) => state === 'working').length
  if (sessions.length === 0) return 'Nothing waits for you, and no session runs. rc start begins one.'
  return `Nothing waits for you. ${working === 1 ? 'One session works' : `${working} sessions work`} at the moment.`
}

function Below({ view: { sessions, moreSessions, ended, now } }: { view: InboxView }) {
  return (
    <>
      {sessions.length > 0 && (
        <section aria-label="Sessions">
          <h2 class="part">Sessions</h2>
          <ul class="lines">
            {sessions.map((one) => (
              <li>
                <span class={`dot ${one.state}`}></span>
                <div>
                  <b>{showHidden(one.name)}</b> <span class="soft">{stateWords(one, now)}</span>
                  {one.words !== null && <p class="soft">{shorten(showHidden(one.words), WORDS_LENGTH)}</p>}
                </div>
              </li>
            ))}
          </ul>
          {moreSessions > 0 && <p class="soft">And {moreSessions} more: rc list shows them.</p>}
        </section>
      )}
      {ended.length > 0 && (
        <section aria-label="What has ended">
          <h2 class="part">Ended</h2>
          <EndedList asks={ended} now={now} />
        </section>
      )}
    </>
  )
}

function stateWords({ state, waiting, since }: InboxView['sessions'][number], now: number): string {
  if (state === 'waiting') return `${waiting} to answer`
  if (state === 'working') return 'working'
  return since === null ? 'idle' : `idle for ${inTime(now - since)}`
}

/** Ended questions with what came of them: a tick for taken, and one more for applied. */
export function EndedList({ asks, now }: { asks: readonly AskView[]; now: number }) {
  return (
    <ul class="lines">
      {asks.map((ask) => (
        <li>
          <Ticks ask={ask} />
          <div>
            <a href={pathOf(ask)}>{headline(ask)}</a>{' '}
            <span class="soft">
              {showHidden(ask.session)} · {ago(now - (ask.ended_at ?? now))}
              {whoOf(ask) !== '' && ` · ${showHidden(whoOf(ask))}`}
            </span>
            <p class="soft">{shorten(showHidden(ask.text ?? summary(ask.tool, ask.input)), WORDS_LENGTH)}</p>
          </div>
        </li>
      ))}
    </ul>
  )
}

function Ticks({ ask: { state, answer, result, denied_by_timeout } }: { ask: AskView }) {
  const isNo = answer === 'deny' || denied_by_timeout
  const word = state === 'answered' ? (isNo ? 'No' : 'Yes') : '–'
  const told =
    state !== 'answered'
      ? 'ended without an answer from here'
      : result === 'applied'
        ? `${word}, taken and applied`
        : result === 'not-applied'
          ? `${word}, taken, not applied`
          : `${word}, taken, not confirmed yet`
  return (
    <span class={`ticks ${result === 'applied' ? 'applied' : ''} ${isNo ? 'was-no' : ''}`}>
      <span aria-hidden="true">{state !== 'answered' ? '–' : result === 'applied' ? '✓✓' : '✓'}</span>
      <span class="spoken">{told}</span>
    </span>
  )
}
