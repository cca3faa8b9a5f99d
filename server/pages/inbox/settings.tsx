/** What was approved in advance, what may ring, and which devices may do all this. */
import { ago } from '../../asks/outcome-words.ts'
import type { Mood } from '../../attention/decide.ts'
import type { Device, StandingView } from '../../owner-views.ts'
import { showHidden } from '../../text/preview.ts'
import { timeOf } from '../time-of.ts'
import { Frame } from './frame.tsx'

type Settings = {
  now: number
  count: number
  mood: Mood
  standing: readonly StandingView[]
  devices: readonly Device[]
  own: string
}

export function settingsPage({ now, count, mood, standing, devices, own }: Settings) {
  return (
    <Frame title="Settings" count={count} here="/settings" script="/ring.js">
      <h1>Settings</h1>
      <section id="ring">
        <h2 class="part">Ring</h2>
        <p class="soft">Whether this browser rings is told by a script, which does not run here.</p>
        <button type="button" class="plain" hidden></button>
      </section>
      <Quiet mood={mood} now={now} />
      <h2 class="part">Approved in advance</h2>
      {standing.length === 0 && <p class="soft">Nothing is approved in advance.</p>}
      {standing.map((one) => (
        <form method="post" action="/settings/revoke" class="line">
          <input type="hidden" name="id" value={String(one.id)} />
          <p>
            <b>{showHidden(one.session)}</b>: {one.denies && 'No to '}
            {showHidden(one.what)}
            <span class="soft">
              {' '}
              · {one.until === null ? 'until the session ends' : `until ${timeOf(one.until)}`}
              {one.calls_left !== null && ` · ${one.calls_left} more calls`} · used {one.used} times
            </span>
          </p>
          <button type="submit" class="quiet">
            Take back
          </button>
        </form>
      ))}
      <h2 class="part">Devices</h2>
      <ul class="lines">
        {devices.map((device) => (
          <li>
            <div>
              <b>{device.name}</b>
              <span class="soft">
                {' '}
                · {device.id === own ? 'this one' : `seen ${ago(now - device.seenAt)}`} · paired{' '}
                {timeOf(device.createdAt)}
              </span>
            </div>
          </li>
        ))}
      </ul>
      <p class="soft">
        <code>rc devices revoke</code> on your machine ends one.
      </p>
    </Frame>
  )
}

function Quiet({ mood: { snoozedUntil }, now }: { mood: Mood; now: number }) {
  return (
    <form method="post" action="/settings/snooze">
      <h2 class="part">Quiet</h2>
      <p class="soft">
        {snoozedUntil !== null && snoozedUntil > now
          ? `Nothing rings until ${timeOf(snoozedUntil)}.`
          : 'Pushes ring by your rules.'}
      </p>
      <div class="thumb">
        {SPANS.map(([minutes, label]) => (
          <button type="submit" name="minutes" value={String(minutes)} class="plain">
            {label}
          </button>
        ))}
      </div>
    </form>
  )
}

const SPANS = [
  [30, '30 min'],
  [120, '2 h'],
  [480, '8 h'],
  [0, 'Ring again'],
] as const
