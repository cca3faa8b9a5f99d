/** A screen of Claude Code that only keys answer. */

import { isOnlyEscape, takesPlainKeys } from '../../asks/screen-ask.ts'
import { type AskView, PLAIN_KEYS } from '../../protocol.ts'
import { showHidden } from '../../text/preview.ts'
import { Choice, Digest } from '../parts.tsx'

export function DialogScreen({ ask }: { ask: AskView }) {
  return (
    <>
      <h2>The screen as it was</h2>
      <pre class="screen" tabindex={0}>
        {showHidden(String(ask.input['screen'] ?? ''))}
      </pre>
    </>
  )
}

/** Its own choices; a screen that we do not know has none, and takes plain keys only behind a warning. */
export function DialogForm({ ask }: { ask: AskView }) {
  return (
    <>
      {ask.input['isCut'] === true && (
        <p class="notice">
          A part of this dialog is out of sight, so it can only be refused or cancelled from here. To allow
          it, read all of it in its pane and answer there.
        </p>
      )}
      {isOnlyEscape(ask) && (
        <p class="notice">
          A program of the session may have drawn this screen. So only Esc can be pressed from here: it
          refuses a dialog or stops Claude, and can allow nothing. Everything else is for the keyboard.
        </p>
      )}
      <form method="post">
        <Digest ask={ask} />
        {optionsOf(ask).map(({ key, label }) => (
          <Choice value={`press ${key}`} label={showHidden(label)} class="always" />
        ))}
      </form>
      {takesPlainKeys(ask) && (
        <details>
          <summary>Press a key on this screen</summary>
          <p class="notice">
            We do not know this screen. A key does what it does at the keyboard; look at the screen first.
          </p>
          <form method="post" class="keys">
            <Digest ask={ask} />
            {PLAIN_KEYS.map((key) => (
              <Choice value={`press ${key}`} label={key} class="quiet" />
            ))}
          </form>
        </details>
      )}
    </>
  )
}

function optionsOf({ input }: AskView): { key: string; label: string }[] {
  const options = Array.isArray(input['options']) ? input['options'] : []
  return options.flatMap((one) => {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return []
    return [{ key: String(one['key']), label: String(one['label']) }]
  })
}
