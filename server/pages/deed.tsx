/** What a door saw: a host to be connected to, or a key to sign with. */
import { showHidden } from '../preview.ts'
import type { AskView, JsonObject } from '../protocol.ts'

/** The deed in one sentence, its particulars, and apart from them what only the session says. */
export function DeedDetails({ ask }: { ask: AskView }) {
  const { input } = ask
  return (
    <>
      <p class="deed">{showHidden(ask.text ?? '')}</p>
      <dl>
        {ROWS.filter(([name]) => shown(input, name) !== '').map(([name, label]) => (
          <>
            <dt>{label}</dt>
            <dd>{showHidden(shown(input, name))}</dd>
          </>
        ))}
      </dl>
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

const ROWS = [
  ['host', 'Host'],
  ['port', 'Port'],
  ['name', 'Key'],
  ['fingerprint', 'Fingerprint'],
  ['hosts', 'Host'],
  ['user', 'As'],
  ['namespace', 'Signature for'],
] as const

function shown(input: JsonObject, name: string): string {
  const value = input[name]
  if (Array.isArray(value)) return value.map(String).join('\n')
  return value === null || value === undefined ? '' : String(value)
}
