/** The pages behind the phone door. */

import { ago, inTime } from '../asks/outcome-words.ts'
import { headline, TITLES } from '../asks/titles.ts'
import type { LinkPower } from '../options.ts'
import type { AskView } from '../protocol.ts'
import { showHidden } from '../text/preview.ts'
import { DeedDetails } from './access.tsx'
import { DialogScreen } from './forms/dialog-form.tsx'
import { AnswerForms } from './forms/forms.tsx'
import { LinkForms } from './forms/link-forms.tsx'
import { type Quiet, QuietForm } from './forms/quiet-form.tsx'
import { Others, ToolInput } from './input.tsx'
import { Layout } from './layout.tsx'
import { Markdown } from './markdown.tsx'
import { ChangedInput, type Lost, Outcome } from './outcome.tsx'
import { Shown } from './shown.tsx'

type Place = { number: number; of: number } | null

type AskPage = {
  ask: AskView
  now: number
  place: Place
  lost?: Lost | null
  own?: string | null
  may?: LinkPower
  quiet?: Quiet | null
  isPaired?: boolean
}

/**
 * One ask: what it is about, and either its forms or what became of it. `now` in milliseconds since 1970, `place` among
 * the session's open ones, `may` what its browser may do, `quiet` whether anything rings, `lost` an answer that came too late for it, `own` the browser that it is shown in.
 */
export function askPage({
  ask,
  now,
  place,
  lost = null,
  own = null,
  may = 'all',
  isPaired = false,
  quiet = null,
}: AskPage) {
  const isPending = ask.state === 'pending'
  const isLive =
    isPending ||
    ((ask.state === 'answered' || ask.denied_by_timeout) &&
      ask.result !== 'applied' &&
      ask.result !== 'not-applied')
  return (
    <Layout
      title={`${ask.session}: ${TITLES[ask.kind]}`}
      state={`${ask.state} ${ask.result} ${ask.hook_end}`}
      isLive={isLive}
    >
      <p class="soft">
        Session <b>{showHidden(ask.session)}</b> · asked {ago(now - ask.created_at)}
        {isPending && ` · open for ${inTime(ask.deadline - now)}`}
        {place !== null && place.of > 1 && ` · ${place.number} of ${place.of} open here`}
      </p>
      {isPending && ask.remote_control && (
        <p class="soft">Remote Control is on in this session, so the Claude app asks you as well.</p>
      )}
      {ask.whole !== null && (
        <p class="soft">This is long over: only head and tail are kept of its {ask.whole.bytes} bytes.</p>
      )}
      <h1>{headline(ask)}</h1>
      {ask.grave !== null && (
        <p class="notice">
          Cannot be undone: <b>{ask.grave}</b>. A Yes is asked for twice.
        </p>
      )}
      {!isPending && <Outcome ask={ask} now={now} lost={lost} own={own} />}
      <Matter ask={ask} />
      {isPending && (may === 'all' ? <AnswerForms ask={ask} /> : <LinkForms ask={ask} may={may} />)}
      {isPending && may === 'all' && !isPaired && quiet !== null && <QuietForm quiet={quiet} />}
      {isPaired && (
        <nav class="others" aria-label="More">
          <a href="/">All questions</a> <a href="/settings">Quiet for a while</a>
        </nav>
      )}
    </Layout>
  )
}

/** The one page for every link that leads nowhere. */
export function notFoundPage() {
  return (
    <Layout title="Nothing here">
      <h1>There is nothing here.</h1>
      <p>The link is wrong, or its question is long gone. Open questions are listed by rc asks.</p>
    </Layout>
  )
}

type ProblemPage = { code: string; message: string; remedy: string; back: string }

/** A refusal, and what to do now. */
export function problemPage({ code, message, remedy, back }: ProblemPage) {
  return (
    <Layout title="Not done">
      <h1>{HAPPENED[code] ?? 'Nothing was changed.'}</h1>
      <p class="notice">{showHidden(message)}</p>
      {remedy !== '' && <p>{showHidden(remedy)}</p>}
      <p>
        <a href={back}>Back to the question</a>
      </p>
    </Layout>
  )
}

/** Problems after which nobody can promise that nothing was changed. */
const HAPPENED: Record<string, string> = {
  internal: 'Something went wrong.',
  'ended-meanwhile': 'It may have been done.',
}

function Matter({ ask }: { ask: AskView }) {
  switch (ask.kind) {
    case 'reply':
      return <LastWords ask={ask} />
    case 'question':
      return isPending(ask) ? null : <ToolInput ask={ask} />
    case 'form':
      return isPending(ask) ? null : <ToolInput ask={ask} />
    case 'test':
      return <p>{ask.text}</p>
    case 'plan':
      return <Plan ask={ask} />
    case 'dialog':
      return <DialogScreen ask={ask} />
    case 'domain':
    case 'key':
      return <DeedDetails ask={ask} />
    default:
      return <ChangedInput ask={ask} />
  }
}

function isPending({ state }: AskView): boolean {
  return state === 'pending'
}

function Plan({ ask: { input } }: { ask: AskView }) {
  const { plan } = input
  return (
    <>
      {typeof plan === 'string' ? <Markdown text={plan} /> : <p>Claude has written no plan.</p>}
      <Others input={input} without={['plan']} />
    </>
  )
}

function LastWords({ ask }: { ask: AskView }) {
  return (
    <>
      <h2>Claude's last words</h2>
      <pre class="agent" tabindex={0}>
        <Shown text={ask.text ?? ''} />
      </pre>
    </>
  )
}
