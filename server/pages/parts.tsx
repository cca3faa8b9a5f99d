/** What every form is made of. */
import type { AskView } from '../protocol.ts'

/** A button that answers. */
export function Choice({ value, label, class: style }: { value: string; label: string; class: string }) {
  return (
    <button type="submit" name="answer" value={value} class={style}>
      {label}
    </button>
  )
}

/** What was shown goes back with the answer, so that an answer to anything else is refused. */
export function Digest({ ask }: { ask: AskView }) {
  return <input type="hidden" name="digest" value={ask.digest} />
}

/** No, with or without words for Claude, and with or without ending its turn. */
export function DenyForm({ ask, label }: { ask: AskView; label: string }) {
  return (
    <details>
      <summary>{label}</summary>
      <form method="post">
        <Digest ask={ask} />
        <label>
          What Claude is told
          <textarea name="message" rows={3}></textarea>
        </label>
        <Choice value="deny" label="No, with these words" class="quiet" />
        {ask.kind === 'permission' && <Choice value="deny stop" label="No, and stop Claude" class="quiet" />}
      </form>
    </details>
  )
}
