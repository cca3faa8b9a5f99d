/** What has ended, and a search in it. */
import type { AskView } from '../../protocol.ts'
import { Frame } from './frame.tsx'
import { EndedList } from './inbox.tsx'

type History = { asks: readonly AskView[]; search: string; now: number; count: number; isMore: boolean }

export function historyPage({ asks, search, now, count, isMore }: History) {
  const last = asks.at(-1)
  return (
    <Frame title="History" count={count} here="/history">
      <h1 class="spoken">What has ended</h1>
      <search>
        <form method="get" action="/history">
          <label>
            <span class="spoken">Search in what has ended</span>
            <input type="search" name="q" value={search} placeholder="A command, a session, a word" />
          </label>
        </form>
      </search>
      {asks.length === 0 ? (
        <p class="soft">
          {search === '' ? 'Nothing has ended yet.' : 'Nothing that has ended holds these words.'}
        </p>
      ) : (
        <EndedList asks={asks} now={now} />
      )}
      {isMore && last !== undefined && (
        <p>
          <a
            class="button"
            href={`/history?${new URLSearchParams({ q: search, before: String(last.created_at) })}`}
          >
            Older ones
          </a>
        </p>
      )}
    </Frame>
  )
}
