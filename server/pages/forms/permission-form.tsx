/** The forms for a tool that needs approval. */

import { alwaysOf } from '../../asks/always.ts'
import { editableOf } from '../../claude/edit.ts'
import type { AskView } from '../../protocol.ts'
import { showHidden } from '../../text/preview.ts'
import { Choice, DenyForm, Digest } from '../parts.tsx'

export function PermissionForms({ ask }: { ask: AskView }) {
  const editable = editableOf(ask.tool, ask.input)
  const [first, ...others] = alwaysOf(ask)
  return (
    <>
      <form method="post">
        <Digest ask={ask} />
        <Choice value="allow" label="Yes" class="yes" />
        {first && <Choice value={first.value} label={showHidden(first.label)} class="always long" />}
        <Choice value="deny" label="No" class="no" />
      </form>
      <DenyForm ask={ask} label="No, and tell Claude what to do instead" />
      {others.length > 0 && (
        <details>
          <summary>Yes for longer, in other ways</summary>
          <form method="post">
            <Digest ask={ask} />
            {others.map(({ value, label }) => (
              <Choice value={value} label={showHidden(label)} class="always long" />
            ))}
          </form>
        </details>
      )}
      {editable !== null && (
        <details>
          <summary>Change it, then allow</summary>
          <form method="post">
            <Digest ask={ask} />
            <label>
              The {LABELS[editable.field]} as Claude shall use it
              {/* HTML drops one line end at the beginning of a text area. */}
              <textarea name="edited" rows={6} spellcheck={false} class="code">
                {`\n${editable.value}`}
              </textarea>
            </label>
            {showHidden(editable.value) !== editable.value && (
              <p class="notice">
                Not all of it can be seen in this field; above it is marked. Sent from here, a CR becomes a
                plain line end.
              </p>
            )}
            <Choice value="allow edited" label="Yes, as changed" class="always" />
          </form>
        </details>
      )}
    </>
  )
}

const LABELS: Record<string, string> = {
  command: 'command',
  content: 'content',
  new_string: 'new text',
  url: 'address',
}
