/** One card of the inbox: what is asked, by whom, and the answers that a thumb can give. */
import { lastingsOf } from '../../asks/access-ask.ts'
import { alwaysOf } from '../../asks/always.ts'
import { ago, inTime } from '../../asks/outcome-words.ts'
import { headline } from '../../asks/titles.ts'
import { summary } from '../../claude/summary.ts'
import type { AskView } from '../../protocol.ts'
import { shorten, showHidden } from '../../text/preview.ts'
import { ToolInput } from '../input.tsx'
import { Markdown } from '../markdown.tsx'
import { Choice, Digest } from '../parts.tsx'
import { Marked } from '../shown.tsx'
import type { CardView } from './view.ts'

/** A longer text is on its own page. */
const FIRST_LENGTH = 240
const WHOLE_LENGTH = 1_500

/** `now` in milliseconds since 1970. */
export function InboxCard({ card, now }: { card: CardView; now: number }) {
  const [ask] = card.asks
  if (ask === undefined) return null
  const id = `${card.id}-title`
  return (
    <article class="card" id={card.id} data-deadline={String(card.deadline)} aria-labelledby={id}>
      <p class="soft who">
        <b>{showHidden(card.asks.map(({ session }) => session).join(', '))}</b>
        {ask.actor !== null && <span> · {showHidden(ask.actor)}</span>} · {ago(now - ask.created_at)} ·{' '}
        {inTime(card.deadline - now)} left
      </p>
      <h2 id={id}>{headline(ask)}</h2>
      <Words ask={ask} />
      {card.asks.length > 1 ? <AnswerAll asks={card.asks} /> : <Answers ask={ask} />}
    </article>
  )
}

function Words({ ask }: { ask: AskView }) {
  const text = showHidden(ask.text ?? summary(ask.tool, ask.input))
  const [line = ''] = text.split('\n')
  const first = shorten(line, FIRST_LENGTH)
  const isAll = first === text
  return (
    <>
      <pre class={ask.kind === 'reply' ? 'agent' : 'first'}>
        <Marked text={first} />
      </pre>
      {(!isAll || hasMore(ask)) && isShort(ask) && (
        <details>
          <summary>All of it</summary>
          <Whole ask={ask} text={text} />
        </details>
      )}
      {(!isAll || hasMore(ask)) && !isShort(ask) && (
        <p class="whole">
          <a href={pathOf(ask)}>Open it</a>
        </p>
      )}
    </>
  )
}

function Whole({ ask, text }: { ask: AskView; text: string }) {
  if (ask.kind === 'permission') return <ToolInput ask={ask} />
  if (ask.kind === 'plan') return <Markdown text={text} />
  return (
    <pre tabindex={0}>
      <Marked text={text} />
    </pre>
  )
}

/** A longer one would make the list too heavy for a bad network. */
function isShort({ input, text }: AskView): boolean {
  return JSON.stringify(input).length + (text ?? '').length <= WHOLE_LENGTH
}

/** Whether a page shows more than one text of it. */
function hasMore({ kind, tool }: AskView): boolean {
  return kind === 'permission' && tool !== 'Bash' && tool !== 'WebFetch'
}

function Answers({ ask }: { ask: AskView }) {
  const action = pathOf(ask)
  if (ask.hook_end !== null) return <OnPage ask={ask} label="Answer it" />
  switch (ask.kind) {
    case 'permission':
      return <PermissionAnswers ask={ask} />
    case 'plan':
    case 'test':
      return <YesNo ask={ask} />
    case 'domain':
    case 'key':
      return (
        <form method="post" action={action} class="thumb">
          <Digest ask={ask} />
          <Choice value={`allow for ${lastingsOf(ask)[0] ?? 'once'}`} label="Yes, once" class="yes" />
          <Choice value="deny" label="No" class="no" />
        </form>
      )
    case 'reply':
      return ask.untypable === null ? <Reply ask={ask} /> : <p class="notice">{showHidden(ask.untypable)}</p>
    default:
      return <OnPage ask={ask} label="Answer it" />
  }
}

function YesNo({ ask }: { ask: AskView }) {
  return (
    <form method="post" action={pathOf(ask)} class="thumb">
      <Digest ask={ask} />
      <Choice value="allow" label="Yes" class="yes" />
      <Choice value="deny" label="No" class="no" />
    </form>
  )
}

function PermissionAnswers({ ask }: { ask: AskView }) {
  const scopes = alwaysOf(ask)
  return (
    <>
      <YesNo ask={ask} />
      {scopes.length > 0 && (
        <details class="always">
          <summary>Always …</summary>
          <form method="post" action={pathOf(ask)}>
            <Digest ask={ask} />
            {scopes.map(({ value, label }) => (
              <Choice value={value} label={showHidden(label)} class="always long" />
            ))}
          </form>
        </details>
      )}
    </>
  )
}

function Reply({ ask }: { ask: AskView }) {
  return (
    <form method="post" action={pathOf(ask)}>
      <Digest ask={ask} />
      <label>
        <span class="spoken">Your reply to {showHidden(ask.session)}</span>
        <textarea name="message" required rows={2} placeholder="Your reply"></textarea>
      </label>
      <Choice value="reply" label="Send" class="yes" />
    </form>
  )
}

function OnPage({ ask, label }: { ask: AskView; label: string }) {
  return (
    <p>
      <a class="button" href={pathOf(ask)}>
        {label}
      </a>
    </p>
  )
}

/** The same in several sessions: one answer for each of them, and only those that are shown. */
function AnswerAll({ asks }: { asks: CardView['asks'] }) {
  return (
    <form method="post" action="/answers" class="thumb">
      {asks.map(({ id, digest }) => (
        <input type="hidden" name="ask" value={`${id} ${digest}`} />
      ))}
      <Choice value="allow" label={`Yes to all ${asks.length}`} class="yes" />
      <Choice value="deny" label={`No to all ${asks.length}`} class="no" />
    </form>
  )
}

/** Its page, on this very door, whatever address the door is reached at. */
export function pathOf({ url }: AskView): string {
  return url === null ? '/' : new URL(url).pathname
}
