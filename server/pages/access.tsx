/** What a door saw: a host to be connected to, or a key to sign with. */

import type { AskView, JsonObject } from '../protocol.ts'
import { showHidden } from '../text/preview.ts'

/** The deed in one sentence, and apart from it what only the session says. */
export function DeedDetails({ ask }: { ask: AskView }) {
  const { input } = ask
  return (
    <>
      <p class="deed">{showHidden(ask.text ?? '')}</p>
      {[
        ['fingerprint', 'Key'],
        ['host_key', 'Host'],
      ].map(
        ([name = '', label]) =>
          shown(input, name) !== '' && (
            <p class="soft particular">
              {label} {showHidden(shown(input, name))}
            </p>
          ),
      )}
      {shown(input, 'processes') !== '' && (
        <>
          <h2>Programs in the session that may be behind it</h2>
          <pre class="agent" tabindex={0}>
            {showHidden(shown(input, 'processes'))}
          </pre>
        </>
      )}
    </>
  )
}

function shown(input: JsonObject, name: string): string {
  const value = input[name]
  if (Array.isArray(value)) return value.map((one) => `$ ${one}`).join('\n')
  return typeof value === 'string' ? value : ''
}
